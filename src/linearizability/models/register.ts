import { optionNames, refuseUnknownOptions } from "../../task/index.ts";
import { jsonCopy } from "../json-value.ts";
import {
  anyState,
  type Call,
  casPair,
  type Footprint,
  isBoolean,
  isNullAnswer,
  type Model,
  type NullReads,
  refused,
  sameJson,
  stepOfFootprint,
  unknownCall,
  type Uninformative,
  wrongAnswer,
} from "./model.ts";
import { refuseUnknownNullReads } from "./option-values.ts";

/** What a register starts with, and how its logs are to be read. */
export interface RegisterOptions {
  /** The first value; null, meaning absent, unless given. */
  readonly initial?: unknown;
  /**
   * `value` unless given: null is what an absent value reads as. Knossos writes nil for "not
   * recorded": under `wildcard` a read of null agrees with every state.
   */
  readonly nullReads?: NullReads | undefined;
}

const OPTION_NAMES = optionNames<RegisterOptions>({ initial: true, nullReads: true });

/** A register: `read`, `write`. */
export function register(options: RegisterOptions = {}): Model {
  return registerOf("register", ["read", "write"], options);
}

/**
 * A register with `cas`, which takes `[from, to]` and answers true, or the pair once more, if it
 * did, false if it did nothing. Any other answer is a fault.
 */
export function casRegister(options: RegisterOptions = {}): Model {
  return registerOf("cas-register", ["read", "write", "cas"], options);
}

function registerOf(name: string, names: readonly string[], options: RegisterOptions): Model {
  refuseUnknownOptions(name, options, OPTION_NAMES);
  refuseUnknownNullReads(name, options.nullReads);
  const wildcard = options.nullReads === "wildcard";
  const uninformative = (call: Call): Uninformative | null =>
    wildcard && call.f === "read" && isNullAnswer(call) ? "null" : null;
  const footprint = (call: Call): Footprint => {
    if (call.f === "write") return { makes: call.input ?? null };
    if (call.f === "cas") return casFootprint(call);
    const isInformative = call.outcome === "ok" && uninformative(call) === null;
    return isInformative ? { needs: call.output ?? null } : {};
  };
  return anyState<unknown>({
    name,
    initial: jsonCopy(options.initial, `the initial value of ${name}`),
    step: (state, call) => stepOfFootprint(state, footprint(call)),
    fault: (call) => unknownCall(call, names) ?? casFault(call),
    observes: (call) => call.f === "read" || (call.f === "cas" && refused(call)),
    uninformative,
    footprint,
  });
}

/** A cas that succeeded, failed, or may do either: then only its success can matter. */
export function casFootprint(call: Call): Footprint {
  const [from, to] = casPair(call) ?? [null, null];
  return refused(call) ? { avoids: from ?? null } : { needs: from ?? null, makes: to ?? null };
}

/** What is wrong with the argument or the answer of a cas, or null. */
export function casFault(call: Call): string | null {
  if (call.f !== "cas") return null;
  if (casPair(call) === null) return `cas of ${JSON.stringify(call.input)}: expected [from, to]`;
  return wrongAnswer(
    call,
    (answer) => isBoolean(answer) || sameJson(answer, call.input),
    `true, false or ${JSON.stringify(call.input)} once more`,
  );
}
