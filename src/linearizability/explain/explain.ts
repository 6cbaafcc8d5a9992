import type { CheckOptions } from "../check-options.ts";
import { refuseUnknownCheckOptions } from "../check-options.ts";
import type { History } from "../history.ts";
import type { Model } from "../models/index.ts";
import type { NotLinearizable } from "../verdict.ts";
import { coreOf, timedBeside } from "./core.ts";
import { timesText, type ToldClaim } from "./times-text.ts";
import { prove } from "./proof.ts";
import { itemsOf } from "./proof-items.ts";
import { itemsNamed, sentencesOf } from "./sentences.ts";
import { type Subject, subjectOf } from "./claims.ts";
import { Trial } from "./trial.ts";

/** An operation that an explanation speaks of, under a short name. */
export interface NamedOperation {
  /** A, B, C in the order of invocation. */
  readonly name: string;
  /** The operation's id in the history. */
  readonly id: number;
  /** False of one that is named only because it might have helped, and does not. */
  readonly isCore: boolean;
}

/** Why a history is not linearizable. */
export interface Explanation {
  /** The key or keys at fault; empty if keys do not matter. */
  readonly keys: readonly string[];
  /**
   * Ids of operations that together cannot be explained, whatever became of all others, ascending.
   *
   * "Whatever" means: each other operation may have happened, at any moment between its two events,
   * or not, and its answer is not looked at.
   */
  readonly core: readonly number[];
  /** True if with any one of them forgotten like the others, the rest of the core is explained. */
  readonly isMinimal: boolean;
  /** Id of the operation of the core that returned last: its answer completes the contradiction. */
  readonly operation: number;
  /** What the sentences speak of, in order of name. */
  readonly named: readonly NamedOperation[];
  /** What follows from what, until it cannot be. Those of a case are set in by two spaces. */
  readonly sentences: readonly string[];
}

/**
 * Says why a history is not linearizable: a few operations that show it, and in sentences how.
 *
 * A job of its own, after the check, and bounded: besides the time and memory of `options` by a
 * fixed number of looks of the search, so that the same history gets the same explanation
 * everywhere. When that runs out the core may not be minimal, and says so.
 *
 * @param verdict What {@link checkHistory} said of this history, this model and these options.
 */
export function explain(
  history: History,
  model: Model,
  verdict: NotLinearizable,
  options: CheckOptions = {},
): Explanation {
  refuseUnknownCheckOptions("explain", options);
  const subject = subjectOf(history, model, verdict, options.crash ?? "durable");
  const trial = new Trial(subject, options);
  const { claims, isMinimal } = coreOf(subject, trial, verdict.event);
  const { named, sentences } = tell(subject, trial, claims);
  return {
    keys: verdict.keys,
    core: claims.map((i) => subject.claims[i]?.id ?? 0),
    isMinimal,
    operation: lastToReturn(subject, claims),
    named,
    sentences,
  };
}

type Told = Pick<Explanation, "named" | "sentences">;

/** A core of more is not told: it would take pages, and is hardly a core. */
const TOLD_MAX = 60;

function tell(subject: Subject, trial: Trial, core: readonly number[]): Told {
  if (core.length > TOLD_MAX) {
    return {
      named: [],
      sentences: ["They are too many to be told; fewer were not found in time."],
    };
  }
  return tellProof(subject, trial, core) ?? tellTimes(subject, trial, core);
}

/** The proof that registers allow; null if there is none that can be read. */
function tellProof(subject: Subject, trial: Trial, core: readonly number[]): Told | null {
  const items = subject.isRegisters ? itemsOf(subject, trial, core) : null;
  const found = items === null ? null : prove(items);
  if (items === null || found === null) return null;
  const spokenOf = new Set(itemsNamed(found.proof, { ...found, items }));
  const claims = items.items.map(({ claim }) => claim);
  const listed = claims.filter(
    (claim, item) => claim >= 0 && (spokenOf.has(item) || core.includes(claim)),
  );
  const named = namesOf(subject, listed, core);
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const nameOf = (item: number): string => {
    const claim = subject.claims[claims[item] ?? -1];
    return claim === undefined ? "the start" : (names.get(claim.id) ?? "?");
  };
  const isInCore = (item: number): boolean => core.includes(claims[item] ?? -1);
  const telling = { subject, items, facts: found.facts, nameOf, isInCore };
  return { named, sentences: sentencesOf(found.proof, telling) };
}

/** Any other object: by the times of the core and of what could have helped. */
function tellTimes(subject: Subject, trial: Trial, core: readonly number[]): Told {
  const listed = [...core, ...timedBeside(trial, core)].toSorted((a, b) => a - b);
  const named = namesOf(subject, listed, core);
  const told = listed.flatMap((i, at): ToldClaim[] => {
    const claim = subject.claims[i];
    return claim === undefined ? [] : [{ claim, ...(named[at] ?? NAMELESS) }];
  });
  return { named, sentences: timesText(subject, told) };
}

const NAMELESS = { name: "", isCore: false };

function namesOf(
  { claims }: Subject,
  listed: readonly number[],
  core: readonly number[],
): NamedOperation[] {
  return listed
    .toSorted((a, b) => a - b)
    .map((claim, i) => ({
      name: nameAt(i),
      id: claims[claim]?.id ?? 0,
      isCore: core.includes(claim),
    }));
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** A to Z, then A2 and so on. */
function nameAt(index: number): string {
  const letter = LETTERS[index % LETTERS.length] ?? "A";
  const round = Math.floor(index / LETTERS.length);
  return round === 0 ? letter : `${letter}${round + 1}`;
}

function lastToReturn({ claims }: Subject, core: readonly number[]): number {
  let last: { readonly id: number; readonly ends: number } | null = null;
  for (const i of core) {
    const claim = claims[i];
    if (claim === undefined || !claim.isRequired) continue;
    if (last === null || claim.ends > last.ends) last = claim;
  }
  return last?.id ?? claims[core[0] ?? 0]?.id ?? 0;
}
