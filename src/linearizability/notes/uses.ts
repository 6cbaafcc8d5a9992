import { isImpossible, type Model, txnSteps } from "../models/index.ts";
import type { Operation } from "../history.ts";
import type { Asked } from "./objects.ts";

/** What an operation has to do with one value that is kept: of a register, a key, a counter. */
export interface Use {
  readonly operation: Operation;
  /** The value that it found; undefined if it looked at nothing, or nobody knows. */
  readonly needs?: unknown;
  /** The value that it may leave; undefined if it leaves none, or nobody knows which. */
  readonly makes?: unknown;
  /** Whether what was there before may be gone after it. */
  readonly isChange: boolean;
}

/** Models of one value, of one element, and of items of which each is put in and taken out. */
const VALUES = ["register", "cas-register", "kv", "set"];
export const ITEMS: readonly string[] = ["queue", "stack"];

/** What operations have to do with the value of an object; null of models that have none. */
export function usesOf(model: Model, asked: readonly Asked[]): readonly Use[] | null {
  const { name } = model;
  if (VALUES.includes(name)) {
    return asked.map(({ operation, call }): Use => {
      const print = model.footprint?.(call) ?? null;
      if (print === null) return { operation, isChange: true };
      const needs = call.outcome === "ok" && !isImpossible(print.needs) ? print.needs : undefined;
      return { operation, needs, makes: print.makes, isChange: print.makes !== undefined };
    });
  }
  if (name === "counter") {
    return asked.map(({ operation }): Use => {
      const { f, outcome, output } = operation;
      if (f !== "read") return { operation, isChange: true };
      return { operation, needs: outcome === "ok" ? output : undefined, isChange: false };
    });
  }
  if (!ITEMS.includes(name)) return null;
  return asked.map(({ operation }): Use => {
    const { f, input, output } = operation;
    if (f === "enqueue" || f === "push") return { operation, makes: input, isChange: false };
    return { operation, needs: output ?? undefined, isChange: false };
  });
}

/** For each register that transactions name, what each of them has to do with it. */
export function usesOfRegisters(
  model: Model,
  asked: readonly Asked[],
): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const { operation } of asked) {
    // Where it says nothing that null was read, or null was answered, nothing was found.
    const isTold = operation.outcome === "ok" && (model.untold?.(operation) ?? null) === null;
    const written = new Set<string>();
    for (const { f, name, value } of txnSteps(operation) ?? []) {
      const list = uses.get(name) ?? [];
      uses.set(name, list);
      if (f === "write") {
        written.add(name);
        list.push({ operation, makes: value, isChange: true });
      } else if (operation.outcome === "ok" && (isTold || value !== null) && !written.has(name)) {
        list.push({ operation, needs: value, isChange: false });
      }
    }
  }
  return uses;
}
