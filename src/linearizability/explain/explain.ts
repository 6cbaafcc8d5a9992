import type { CheckOptions } from "../check-options.ts";
import { refuseUnknownCheckOptions } from "../check-options.ts";
import type { History } from "../history.ts";
import type { Model } from "../models/index.ts";
import type { NotLinearizable } from "../verdict.ts";
import { coreOf, timedBeside } from "./core.ts";
import type { ExplanationFact } from "./facts.ts";
import { factsOfOrder } from "./order-facts.ts";
import { factsOfProof } from "./proof-facts.ts";
import { prove } from "./proof.ts";
import { itemsOf } from "./proof-items.ts";
import { operationsIn, type Sentence, sentencesOf } from "./sentences.ts";
import { type Claim, type Subject, subjectOf } from "./claims.ts";
import { Trial } from "./trial.ts";

/** An operation that an explanation speaks of, under a short name. */
export interface NamedOperation {
  /** A, B, C in the order of invocation. */
  readonly name: string;
  /** The operation's id in the history. */
  readonly id: number;
  /** False of one that is named only because it could have helped, and does not. */
  readonly isCore: boolean;
}

/** Why a history is not linearizable. */
export interface Explanation {
  /** The key or keys at fault; empty if keys do not matter. */
  readonly keys: readonly string[];
  /**
   * Ids of operations that together cannot be explained, whatever all others did, ascending.
   *
   * "Whatever" means: each other operation may have happened, at any moment between its two events,
   * or not, and its answer is not looked at.
   */
  readonly core: readonly number[];
  /** True if with any one of them forgotten like the others, the rest of the core is explained. */
  readonly isMinimal: boolean;
  /** Id of the operation of the core that returned last: its answer completes the contradiction. */
  readonly operation: number;
  /** The operations that the facts speak of, in order of name. */
  readonly named: readonly NamedOperation[];
  /** What follows from what, until it cannot be. */
  readonly facts: readonly ExplanationFact[];
  /** The same in words; those of a case are set in by two spaces. */
  readonly sentences: readonly string[];
}

/**
 * Explains why a history is not linearizable: a few operations that show it, and what follows from
 * what they answered.
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
  const { facts, besides } = factsOf(subject, trial, claims);
  const named = namesOf(subject, claims, besides);
  return {
    keys: verdict.keys,
    core: claims.map((i) => subject.claims[i]?.id ?? 0),
    isMinimal,
    operation: lastToReturn(subject, claims),
    named,
    facts,
    sentences: sentencesUnder(facts, named).map(
      ({ depth, text }) => `${"  ".repeat(depth)}${text}`,
    ),
  };
}

/** The facts in words, with the names that an explanation gives to operations. */
export function sentencesUnder(
  facts: readonly ExplanationFact[],
  named: readonly Pick<NamedOperation, "name" | "id">[],
): Sentence[] {
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return sentencesOf(facts, (id) => names.get(id) ?? `operation ${id}`);
}

interface Found {
  readonly facts: readonly ExplanationFact[];
  /** Claims outside of the core that the facts speak of. */
  readonly besides: readonly number[];
}

/** Nobody reads pages of a larger core, and it is hardly a core. */
const CORE_MAX = 60;

function factsOf(subject: Subject, trial: Trial, core: readonly number[]): Found {
  if (core.length > CORE_MAX) {
    return { facts: [{ kind: "core-too-large", operations: core.length }], besides: [] };
  }
  return proofOf(subject, trial, core) ?? orderOf(subject, trial, core);
}

/** The proof that registers allow; null if none is found that can be read. */
function proofOf(subject: Subject, trial: Trial, core: readonly number[]): Found | null {
  const items = subject.isRegisters ? itemsOf(subject, trial, core) : null;
  const found = items === null ? null : prove(items);
  if (items === null || found === null) return null;
  const isInCore = (item: number): boolean => core.includes(items.items[item]?.claim ?? -1);
  const facts = factsOfProof({ subject, items, ...found, isInCore });
  const spokenOf = operationsIn(facts);
  const besides = items.items.flatMap(({ claim }) => {
    const id = subject.claims[claim]?.id;
    return id !== undefined && spokenOf.has(id) && !core.includes(claim) ? [claim] : [];
  });
  return { facts, besides };
}

/** Of any other object: by the times of the core, and of what could have helped. */
function orderOf(subject: Subject, trial: Trial, core: readonly number[]): Found {
  const besides = timedBeside(trial, core);
  const inOrder = (indices: readonly number[]): Claim[] =>
    indices.toSorted((a, b) => a - b).flatMap((i) => subject.claims[i] ?? []);
  return { facts: factsOfOrder(subject, inOrder(core), inOrder([...core, ...besides])), besides };
}

function namesOf(
  { claims }: Subject,
  core: readonly number[],
  besides: readonly number[],
): NamedOperation[] {
  return [...core, ...besides]
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
