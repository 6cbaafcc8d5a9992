import type { History, Operation } from "../history.ts";
import { jsonKey, type Model, sameJson } from "../models/index.ts";
import type { NotLinearizable } from "../verdict.ts";
import type { Note } from "./note.ts";
import { objectsOf, type SeenObject } from "./objects.ts";
import { ITEMS, type Use, usesOf, usesOfRegisters } from "./uses.ts";

type Start = Note & { readonly kind: "start" };

/** A value that an operation found and no operation put there. */
interface Found {
  readonly operation: Operation;
  readonly value: unknown;
}

/** Models whose start can be chosen. */
const CHOOSABLE = ["register", "cas-register", "kv", "counter"];
/** Operations of a map that find a key, or not. */
const ABSENCE = /^(?:insert|delete|scan|scan-back)$/;

/**
 * Finds out whether a history may not be linearizable only because its object did not begin as its
 * model does: whether something was found at a key at fault that no operation had put there, before
 * any had changed it. Null if not.
 */
export function startOf(history: History, model: Model, { keys }: NotLinearizable): Start | null {
  const objects = objectsOf(history, model, keys);
  for (const object of objects) {
    if (object.key !== null && !keys.includes(object.key)) continue;
    if (object.model.name === "multi-register") {
      const start = startOfRegisters(object);
      if (start !== null) return start;
    }
    const found = foundIn(object);
    if (found === null) continue;
    const { key, model: one } = object;
    return {
      kind: "start",
      operation: found.operation.id,
      key,
      value: found.value,
      isElement: one.name === "set" && key !== null,
      initial: initialFor(history, objects, found.value),
    };
  }
  return null;
}

/** What was found in an object that may have been there from the start; null if nothing was. */
function foundIn({ model, asked }: SeenObject): Found | null {
  const uses = usesOf(model, asked);
  const found = uses === null ? null : firstUnmade(uses, model.initial);
  if (uses === null || found === null || ITEMS.includes(model.name)) return found;
  if (model.name === "counter" && !Number.isSafeInteger(found.value)) return null;
  return wouldDo(uses, found.value) ? found : null;
}

/** Whether an object that began with this value could have been all that was found in it. */
function wouldDo(uses: readonly Use[], initial: unknown): boolean {
  const made = new Set(uses.map(({ makes }) => jsonKey(makes)));
  let unknownAt = Number.POSITIVE_INFINITY;
  for (const { operation, makes, isChange } of uses) {
    if (isChange && makes === undefined) unknownAt = Math.min(unknownAt, operation.invokedAt);
  }
  return uses.every(
    ({ operation, needs }) =>
      needs === undefined ||
      sameJson(needs, initial) ||
      made.has(jsonKey(needs)) ||
      operation.returnedAt > unknownAt,
  );
}

/** The first value found that no operation made, and that can have been there from the start. */
function firstUnmade(uses: readonly Use[], initial: unknown): Found | null {
  let changedAt = Number.POSITIVE_INFINITY;
  // From here on there may be values that nobody knows.
  let unknownAt = Number.POSITIVE_INFINITY;
  for (const { operation, makes, isChange } of uses) {
    if (!isChange) continue;
    changedAt = Math.min(changedAt, operation.returnedAt);
    if (makes === undefined) unknownAt = Math.min(unknownAt, operation.invokedAt);
  }
  const made = new Set(uses.map(({ makes }) => jsonKey(makes)));
  for (const { operation, needs } of uses) {
    if (needs === undefined || sameJson(needs, initial) || made.has(jsonKey(needs))) continue;
    if (operation.invokedAt > changedAt || operation.returnedAt > unknownAt) continue;
    return { operation, value: needs };
  }
  return null;
}

/** The start names all registers at once. */
function startOfRegisters({ model, asked }: SeenObject): Start | null {
  const before = model.initial as Readonly<Record<string, unknown>>;
  const found = [...usesOfRegisters(model, asked)].flatMap(([name, uses]) => {
    const first = firstUnmade(uses, before[name] ?? null);
    return first === null ? [] : [{ name, uses, ...first }];
  });
  if (found.some(({ uses, value }) => !wouldDo(uses, value))) return null;
  const [first] = found.toSorted((a, b) => a.operation.id - b.operation.id);
  if (first === undefined) return null;
  const values = found.map(({ name, value }): [string, unknown] => [name, value]);
  return {
    kind: "start",
    operation: first.operation.id,
    key: first.name,
    value: first.value,
    isElement: false,
    initial: { ...before, ...Object.fromEntries(values) },
  };
}

/**
 * All keys start with the same value, so it must fit all. In a map it is also what absent keys
 * hold, so it does not fit if an operation asks whether a key is there.
 */
function initialFor(
  { operations }: History,
  objects: readonly SeenObject[],
  value: unknown,
): unknown {
  const { name } = objects[0]?.model ?? { name: "" };
  if (!CHOOSABLE.includes(name)) return undefined;
  const asksWhetherThere = operations.some(({ f }) => ABSENCE.test(f));
  if (name === "kv" && asksWhetherThere) return undefined;
  const isOne = objects.every(({ model, asked }) => wouldDo(usesOf(model, asked) ?? [], value));
  return isOne ? value : undefined;
}
