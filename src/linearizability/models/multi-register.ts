import { jsonCopy } from "../json-value.ts";
import { anyState, type Call, type Model, sameJson } from "./model.ts";

type Registers = Readonly<Record<string, unknown>>;

/**
 * Several registers under `txn`, whose argument is a list of `[f, register, value]`, f being `read`
 * or `write`, done at one moment in this order; its answer is the list with the values read. A read
 * of null says nothing.
 */
export function multiRegister(initial: Registers = {}): Model {
  return anyState<Registers>({
    name: "multi-register",
    initial: jsonCopy(initial, "the registers of multi-register") as Registers,
    step: (state, call) => {
      let next = state;
      for (const [f, name, value] of stepsOf(call) ?? []) {
        if (f === "write") next = { ...next, [name]: value };
        else if (call.outcome === "ok" && value !== null && !sameJson(valueOf(next, name), value)) {
          return [];
        }
      }
      return [next];
    },
    stateKey: (state) =>
      JSON.stringify(Object.entries(state).toSorted((a, b) => (a[0] < b[0] ? -1 : 1))),
    fault: (call) => {
      if (call.f !== "txn") return `unknown operation ${call.f}: expected txn`;
      return stepsOf(call) === null ? "a txn takes a list of [read or write, name, value]" : null;
    },
    observes: (call) => stepsOf(call)?.every(([f]) => f === "read") ?? false,
  });
}

/** A register may have the name of something that every object has, as `constructor`. */
function valueOf(registers: Registers, name: string): unknown {
  return Object.hasOwn(registers, name) ? (registers[name] ?? null) : null;
}

function stepsOf(call: Call): [string, string, unknown][] | null {
  const list = call.outcome === "ok" ? (call.output ?? call.input) : call.input;
  if (!Array.isArray(list)) return null;
  const steps: [string, string, unknown][] = [];
  for (const item of list as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 3) return null;
    const [f, name, value] = item as readonly unknown[];
    if ((f !== "read" && f !== "write") || typeof name !== "string") return null;
    steps.push([f, name, value ?? null]);
  }
  return steps;
}
