import { refuseUnknownOptions } from "../../task/index.ts";
import { jsonCopy } from "../json-value.ts";
import {
  anyState,
  type Call,
  isNullAnswer,
  type Model,
  type NullReads,
  sameJson,
  type Uninformative,
} from "./model.ts";
import { refuseUnknownNullReads } from "./option-values.ts";

type Registers = Readonly<Record<string, unknown>>;

/** One step of a transaction: reads or writes one register. */
export interface TxnStep {
  readonly f: "read" | "write";
  readonly name: string;
  /** What was written, or what was read. */
  readonly value: unknown;
}

/** How the histories of registers are to be read. */
export interface MultiRegisterOptions {
  /**
   * `value` unless given: a read of null found that nothing is there. Under `wildcard` it agrees
   * with every state, as nil does in Knossos' files.
   */
  readonly nullReads?: NullReads | undefined;
}

/**
 * Several registers under `txn`, whose argument is a list of `[f, register, value]`, f being `read`
 * or `write`, done at one moment in this order; its answer is the same list with the values read,
 * or null if they were not recorded. A register that is not in `initial` is null.
 */
export function multiRegister(initial: Registers = {}, options: MultiRegisterOptions = {}): Model {
  refuseUnknownOptions("multi-register", options, ["nullReads"]);
  refuseUnknownNullReads("multi-register", options.nullReads);
  const { nullReads = "value" } = options;
  const isInformative = (call: Call, { value }: TxnStep): boolean =>
    call.outcome === "ok" && !isNullAnswer(call) && (nullReads === "value" || value !== null);
  return anyState<Registers>({
    name: "multi-register",
    initial: jsonCopy(initial, "the registers of multi-register") as Registers,
    step: (state, call) => {
      let next = state;
      for (const step of txnSteps(call) ?? []) {
        if (step.f === "write") next = { ...next, [step.name]: step.value };
        else if (isInformative(call, step) && !sameJson(valueOf(next, step.name), step.value))
          return [];
      }
      return [next];
    },
    stateKey: (state) =>
      JSON.stringify(Object.entries(state).toSorted((a, b) => (a[0] < b[0] ? -1 : 1))),
    fault,
    uninformative: (call): Uninformative | null => {
      if (call.outcome !== "ok") return null;
      const reads = txnSteps(call)?.filter(({ f }) => f === "read") ?? [];
      if (reads.every((step) => isInformative(call, step))) return null;
      return isNullAnswer(call) ? "missing" : "null";
    },
    observes: (call) => txnSteps(call)?.every(({ f }) => f === "read") ?? false,
  });
}

/** A register may have the name of something that every object has, as `constructor`. */
function valueOf(registers: Registers, name: string): unknown {
  return Object.hasOwn(registers, name) ? (registers[name] ?? null) : null;
}

function fault(call: Call): string | null {
  if (call.f !== "txn") return `unknown operation ${call.f}: expected txn`;
  const asked = stepsIn(call.input);
  if (asked === null) return "a txn takes a list of [read or write, name, value]";
  if (call.outcome !== "ok" || isNullAnswer(call)) return null;
  const answered = stepsIn(call.output);
  const isSame =
    answered?.length === asked.length && answered.every((step, i) => isAnswer(step, asked[i]));
  if (isSame) return null;
  return `txn answers ${JSON.stringify(call.output)}: expected its own list with the values read`;
}

function isAnswer(step: TxnStep, asked: TxnStep | undefined): boolean {
  if (step.f !== asked?.f || step.name !== asked.name) return false;
  return step.f === "read" || sameJson(step.value, asked.value);
}

/** The steps of a transaction, with what was read if that is known; null if it is none. */
export function txnSteps(call: Call): readonly TxnStep[] | null {
  return stepsIn(call.outcome === "ok" ? (call.output ?? call.input) : call.input);
}

function stepsIn(list: unknown): readonly TxnStep[] | null {
  if (!Array.isArray(list)) return null;
  const steps: TxnStep[] = [];
  for (const item of list as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 3) return null;
    const [f, name, value = null] = item as readonly unknown[];
    if ((f !== "read" && f !== "write") || typeof name !== "string") return null;
    steps.push({ f, name, value });
  }
  return steps;
}
