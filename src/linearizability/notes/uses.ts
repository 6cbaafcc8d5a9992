import { isImpossible, type Model, txnSteps } from "../models/index.ts";
import type { Operation } from "../history.ts";
import type { Asked } from "./objects.ts";

/** How an operation uses the value of a register, a key or a counter. */
export interface Use {
  readonly operation: Operation;
  /** The value that it found; undefined if it looked at nothing, or that is unknown. */
  readonly needs?: unknown;
  /** The value that it may leave; undefined if it leaves none, or that is unknown. */
  readonly makes?: unknown;
  /** Whether what was there before may be gone after it. */
  readonly isChange: boolean;
}

/** Models of one value, of one element, and of items of which each is put in and taken out. */
const VALUES = ["register", "cas-register", "kv", "set"];
export const ITEMS: readonly string[] = ["queue", "stack"];

/** How operations use the value of an object; null for models without one. */
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

/** For each register that transactions name, how they use it. */
export function usesOfRegisters(
  model: Model,
  asked: readonly Asked[],
): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const { operation } of asked) {
    // An uninformative read of null, or answer of null, found nothing.
    const isInformative =
      operation.outcome === "ok" && (model.uninformative?.(operation) ?? null) === null;
    const written = new Set<string>();
    for (const { f, name, value } of txnSteps(operation) ?? []) {
      const list = uses.get(name) ?? [];
      uses.set(name, list);
      if (f === "write") {
        written.add(name);
        list.push({ operation, makes: value, isChange: true });
      } else if (
        operation.outcome === "ok" &&
        (isInformative || value !== null) &&
        !written.has(name)
      ) {
        list.push({ operation, needs: value, isChange: false });
      }
    }
  }
  return uses;
}
