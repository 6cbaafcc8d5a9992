import type { Operation } from "../history.ts";

/** What a model sees of an operation. Its answer is known only if the outcome is `ok`. */
export type Call = Pick<Operation, "f" | "key" | "input" | "output" | "outcome">;

/**
 * What a call does to an object whose state is one JSON value, for all states at once.
 *
 * It can happen only while the state is `needs` and is not `avoids`; it leaves `makes` behind, or
 * the state as it was. A field that is undefined demands, or changes, nothing. A call that has only
 * `makes` is a blind write.
 */
export interface Footprint {
  readonly needs?: unknown;
  readonly avoids?: unknown;
  readonly makes?: unknown;
}

/** How an object divides into one object per key, each linearizable by itself. */
export interface Partition {
  /** The model of one key's object. */
  readonly one: Model;
  /** The one key that a call touches, or null if it may touch several. */
  keyOf(call: Call): string | null;
  /** True if a call without key of its own looks at `key`. Such calls must be observers. */
  covers?(call: Call, key: string): boolean;
  /** Keys that the answer of such a call names. */
  keysNamed?(call: Call): readonly string[];
  /** What such a call says about `key` only, as a call of {@link one}. */
  project?(call: Call, key: string): Call;
}

/**
 * Why an answer is uninformative: it is null where null stands for "not recorded", it is missing,
 * or it repeats the argument, as in Jepsen's histories.
 */
export type Uninformative = "null" | "missing" | "echo";

/** What a read of null means: that nothing is there, or that the answer was not recorded. */
export type NullReads = "value" | "wildcard";

/**
 * A sequential object, as a record of pure functions over immutable states.
 *
 * A model of one's own needs `name`, `initial` and `step`; the rest makes checks faster or messages
 * better. Two states are the same if their keys are; without `stateKey` a state must be a JSON
 * value, and its JSON is the key.
 */
export interface Model<State = unknown> {
  readonly name: string;
  readonly initial: State;
  /**
   * All states that the call can leave behind: none if its answer cannot be given in `state`, more
   * than one if the object is nondeterministic. If the answer is not known, any answer is right.
   */
  step(state: State, call: Call): readonly State[];
  /** Why the model cannot read this call, or null: an unknown `f`, an argument or an answer of no
   * use. `step` has to understand what passes. */
  fault?(call: Call): string | null;
  /**
   * Why the answer of this call agrees with every state, where another answer would not; null if it
   * does not. Notes count such answers, since they show nothing.
   */
  uninformative?(call: Call): Uninformative | null;
  /** True only if the call, with this answer, changes no state whatever. */
  observes?(call: Call): boolean;
  stateKey?(state: State): string | number;
  /** The call's footprint, or null if it has none. Agrees with `step`, and `initial` is JSON. */
  footprint?(call: Call): Footprint | null;
  readonly partition?: Partition;
}

/** Lets models of any state stand in one list. The checker never mixes states of two models. */
export function anyState<State>(model: Model<State>): Model {
  return model;
}

const TAG = "json ";

/**
 * Identifies a JSON value: numbers, strings and the like are themselves, lists and objects their
 * JSON after a tag. A string that begins with the tag gets one too, or it could pass for a list.
 */
export function jsonKey(value: unknown): unknown {
  const isTagged =
    typeof value === "string" ? value.startsWith(TAG) : typeof value === "object" && value !== null;
  return isTagged ? TAG + JSON.stringify(value) : value;
}

/** True if two JSON values are the same. */
export function sameJson(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && a !== null && jsonKey(a) === jsonKey(b));
}

/** True if the call answered null, or nothing. */
export function isNullAnswer(call: Call): boolean {
  return call.outcome === "ok" && (call.output ?? null) === null;
}

/** True if the call answered, and answered that it did nothing. */
export function refused(call: Call): boolean {
  return call.outcome === "ok" && call.output === false;
}

/** The states after a call with this footprint. */
export function stepOfFootprint(state: unknown, print: Footprint): readonly unknown[] {
  if (print.needs !== undefined && !sameJson(print.needs, state)) return [];
  if (print.avoids !== undefined && sameJson(print.avoids, state)) return [];
  return [print.makes === undefined ? state : print.makes];
}

/** What is wrong with a call that is none of `names`, or null. */
export function unknownCall(call: Call, names: readonly string[]): string | null {
  if (names.includes(call.f)) return null;
  return `unknown operation ${call.f}: expected ${names.join(", ")}`;
}

/** What is wrong with the answer of a call, if it is known and none of `isRight`, or null. */
export function wrongAnswer(
  call: Call,
  isRight: (answer: unknown) => boolean,
  wanted: string,
): string | null {
  if (call.outcome !== "ok" || isRight(call.output ?? null)) return null;
  const said = `${call.f} answers ${JSON.stringify(call.output ?? null)}`;
  return `${said}: expected ${wanted}`;
}

export function isBoolean(answer: unknown): answer is boolean {
  return typeof answer === "boolean";
}

export function isBooleanOrNull(answer: unknown): boolean {
  return answer === null || isBoolean(answer);
}

/** True if an answer says nothing: it is null, or repeats the argument, as Jepsen writes it. */
export function isUninformative(call: Call, answer: unknown): boolean {
  return answer === null || sameJson(answer, call.input);
}

/** Reads the argument `[from, to]` of a cas. */
export function casPair(call: Call): readonly [unknown, unknown] | null {
  const { input } = call;
  return Array.isArray(input) && input.length === 2 ? [input[0], input[1]] : null;
}

/**
 * Computes something about an answer only once: each key that a scan covers asks for it, which
 * would cost keys times rows.
 */
export function oncePerAnswer<T>(work: (answer: readonly unknown[]) => T): (call: Call) => T {
  const none = work([]);
  const known = new WeakMap<readonly unknown[], T>();
  return ({ output }) => {
    if (!Array.isArray(output)) return none;
    const answer: readonly unknown[] = output;
    let found = known.get(answer);
    if (found === undefined) {
      found = work(answer);
      known.set(answer, found);
    }
    return found;
  };
}

/** A field that no value of a history has. */
const IMPOSSIBLE = "latchwork: no state answers so";

/** What a call says about one key if no state has such an answer, as when it names a key twice. */
export function impossibleAnswer(why: string): unknown {
  return { [IMPOSSIBLE]: why };
}

/** True of what {@link impossibleAnswer} made. */
export function isImpossible(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, IMPOSSIBLE);
}
