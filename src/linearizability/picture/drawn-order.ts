import type { CheckOptions } from "../check-options.ts";
import type { History } from "../history.ts";
import type { Model } from "../models/index.ts";
import { prefixOf } from "../prefix.ts";
import type { NotLinearizable, Verdict } from "../verdict.ts";
import { operationText } from "../verdict-text.ts";
import { longestPrefix, possibleAnswers } from "./longest-prefix.ts";
import { shownText, valueText } from "./shown-text.ts";
import { type Subject, subjectOf, wholeSubject } from "./subject.ts";
import { StateTexts } from "./state-texts.ts";

/** The order a picture shows, with the states along it, and where it ends. */
export interface DrawnOrder {
  readonly order: readonly number[];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The operation whose answer no order explains; -1 if there is none. */
  readonly stuck: number;
  readonly notes: readonly string[];
  /** The one key that all of it is about, if there is one. */
  readonly key: string | null;
}

/** Bytes that each check of a prefix may take where the caller sets no limit. */
const MEMORY_BYTES_DEFAULT = 1 << 29;

/**
 * The order to draw. Linearizable: the witness. Not linearizable: the one that explains the longest
 * prefix of the operations that the verdict is about, and what the next answer would have had to
 * be. Unknown: none.
 */
export function drawnOrder(
  history: History,
  model: Model,
  verdict: Verdict,
  check: CheckOptions,
): DrawnOrder {
  switch (verdict.kind) {
    case "linearizable": {
      const subject = wholeSubject(history, model);
      const places = new Map(subject.ids.map((id, place) => [id, place]));
      const order = verdict.witness.map((id) => places.get(id) ?? -1);
      return { ...along(subject, order, new StateTexts(model)), stuck: -1, notes: [] };
    }
    case "not-linearizable":
      return explainedPart(history, model, verdict, ofPrefixes(check));
    case "unknown":
      return { order: [], before: [], after: [], stuck: -1, notes: [], key: null };
  }
}

/** How to check a prefix: by the same rules, without what is only for the whole history. */
function ofPrefixes(check: CheckOptions): CheckOptions {
  const { witness: _witness, onProgress: _onProgress, ...rest } = check;
  return { memoryBytes: MEMORY_BYTES_DEFAULT, ...rest };
}

function explainedPart(
  history: History,
  model: Model,
  verdict: NotLinearizable,
  check: CheckOptions,
): DrawnOrder {
  const subject = subjectOf(history, model, verdict.keys);
  const { order, operation } = longestPrefix(subject, verdict, check);
  const texts = new StateTexts(subject.model);
  const stuck = subject.ids[operation] ?? -1;
  const whole = history.operations[stuck];
  const call = subject.history.operations[operation];
  // What is answered later may not agree with the order, which needs only what was known there.
  const known = prefixOf(subject.history, call?.returnedAt ?? 0);
  const drawn = along({ ...subject, history: known }, order, texts);
  if (whole === undefined || call === undefined) return { ...drawn, stuck, notes: [] };
  const object = subject.key === null ? "the state it sees" : `key ${shownText(subject.key)}`;
  const answer = valueText(call.output);
  const notes = [`The order drawn goes up to ${shownText(operationText(whole, "client"), 400)}.`];
  if (call.f !== whole.f || call.output !== whole.output) {
    notes.push(`That says that ${object} was ${answer}.`);
  }
  const possible = possibleAnswers(subject, call, check);
  if (possible === null) {
    notes.push(`At the end of the order, ${object} is ${texts.textFor(call) || "empty"}.`);
  } else {
    const answers = listed(possible.map((each) => valueText(each)));
    notes.push(
      `Of the values that occur, what came before allows ${answers} there, not ${answer}.`,
    );
  }
  return { ...drawn, stuck, notes };
}

/** Names with commas between them, and an "or" before the last. */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} or ${last}`;
}

function along(
  { history, ids, key }: Subject,
  order: readonly number[],
  texts: StateTexts,
): Omit<DrawnOrder, "stuck" | "notes"> {
  const shown: number[] = [];
  const before: string[] = [];
  const after: string[] = [];
  for (const place of order) {
    const operation = history.operations[place];
    if (operation === undefined) continue;
    shown.push(ids[place] ?? -1);
    const seen = texts.textFor(operation);
    const isAllowed = texts.take(operation);
    const left = texts.textFor(operation);
    before.push(isAllowed ? seen : left);
    after.push(left);
  }
  return { order: shown, before, after, key };
}
