import { type Call, jsonKey, type Model } from "../models/index.ts";
import { valueText } from "./shown-text.ts";

/** States listed before the text says only how many there are. */
const STATES_SHOWN_MAX = 3;

/** States held of one object; a model that allows more is not followed further. */
const STATES_HELD_MAX = 1000;

/** Keys named in the text of a state that an operation on several keys sees. */
const KEYS_SHOWN_MAX = 8;

/** Keys looked through for that text. */
const KEYS_LOOKED_AT_MAX = 500;

interface ObjectState {
  /** Null once the state is unknown. */
  readonly states: readonly unknown[] | null;
  readonly text: string;
}

/**
 * Runs a model along an order and describes the state before and after each operation: that of the
 * one key it touches, where the model divides by key, and else that of the whole object.
 *
 * Costs one step of the model an operation; what is kept is the current state and its text.
 */
export class StateTexts {
  readonly #model: Model;
  readonly #whole = "";
  readonly #states = new Map<string, ObjectState>();
  /** Keys in the order in which they came up. */
  readonly #names: string[] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  /** The state that the call sees, as far as it is known. */
  textFor(call: Call): string {
    const key = this.#keyOf(call);
    if (key !== null) return this.#stateOf(key).text;
    const names = this.#keysSeen(call);
    const entries = names.map((name) => `${name} = ${this.#stateOf(name).text}`);
    const isCut = names.length > KEYS_SHOWN_MAX || this.#names.length > KEYS_LOOKED_AT_MAX;
    return `${entries.slice(0, KEYS_SHOWN_MAX).join(", ")}${isCut ? ", …" : ""}`;
  }

  /**
   * Takes the call; false if the state does not allow it, or is not known: a crash may have taken
   * away what led to it.
   */
  take(call: Call): boolean {
    const key = this.#keyOf(call);
    if (key !== null) return this.#step(key, call);
    // Calls on several keys only look.
    const { partition } = this.#model;
    if (partition?.project === undefined || call.outcome !== "ok") return true;
    let isAllowed = true;
    for (const name of this.#keysSeen(call)) {
      if (!this.#step(name, partition.project(call, name))) isAllowed = false;
    }
    return isAllowed;
  }

  #step(key: string, call: Call): boolean {
    const { states } = this.#stateOf(key);
    if (states === null) return false;
    const model = this.#model.partition?.one ?? this.#model;
    const next = distinct(
      model,
      states.flatMap((state) => model.step(state, call)),
    );
    const isKnown = next.length > 0 && next.length <= STATES_HELD_MAX;
    this.#states.set(key, objectState(model, isKnown ? next : null));
    return isKnown;
  }

  /** Keys that a call on several of them looks at: those that are shown, and one more. */
  #keysSeen(call: Call): readonly string[] {
    const { partition } = this.#model;
    const seen = new Set(partition?.keysNamed?.(call).slice(0, KEYS_SHOWN_MAX));
    for (const name of this.#names.slice(0, KEYS_LOOKED_AT_MAX)) {
      if (seen.size > KEYS_SHOWN_MAX) break;
      if (partition?.covers?.(call, name) === true) seen.add(name);
    }
    return [...seen].toSorted();
  }

  #keyOf(call: Call): string | null {
    const { partition } = this.#model;
    return partition === undefined ? this.#whole : partition.keyOf(call);
  }

  #stateOf(key: string): ObjectState {
    let state = this.#states.get(key);
    if (state === undefined) {
      const model = this.#model.partition?.one ?? this.#model;
      state = objectState(model, [model.initial]);
      this.#states.set(key, state);
      this.#names.push(key);
    }
    return state;
  }
}

function objectState(model: Model, states: readonly unknown[] | null): ObjectState {
  if (states === null) return { states, text: "not known" };
  const shown = states.slice(0, STATES_SHOWN_MAX).map((state) => stateText(model, state));
  const more = states.length > STATES_SHOWN_MAX ? ` or … (${states.length} states)` : "";
  return { states, text: `${shown.join(" or ")}${more}` };
}

/** A state that is not a JSON value is shown by its key. */
function stateText(model: Model, state: unknown): string {
  const isPlain =
    typeof state !== "object" ||
    state === null ||
    Array.isArray(state) ||
    Object.getPrototypeOf(state) === Object.prototype;
  return valueText(isPlain ? state : (model.stateKey?.(state) ?? state));
}

function distinct(model: Model, states: readonly unknown[]): readonly unknown[] {
  if (states.length < 2) return states;
  const byKey = new Map<unknown, unknown>();
  for (const state of states) byKey.set(model.stateKey?.(state) ?? jsonKey(state), state);
  return [...byKey.values()];
}
