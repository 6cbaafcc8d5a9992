import { LatchworkError, printable } from "../task/index.ts";

/** How deep lists and objects of a history may be nested. */
export const VALUE_DEPTH_MAX = 64;

/** What to give in place of a value that cannot be recorded. */
export const JSON_RIGHT = "give JSON values, with bytes and large numbers as strings";

/**
 * A copy of a value as JSON has it, in the one form in which equal values have equal JSON: fields
 * in order of name, no -0. Later changes of the original do not reach it.
 *
 * undefined is what JSON makes of it: a field is left out, an item of a list (or a hole in one) is
 * null, and by itself it is null. Fields that are named by symbols are no part of a value.
 *
 * Refuses what JSON.stringify would silently change, since values that differ would then be the
 * same in the history: NaN and infinities, integers over 2^53 - 1, bytes, dates, maps,
 * sets, objects of a class, lists of a class or with fields, functions, symbols.
 *
 * @param whose Names the value in the error.
 * @param right Says in the error what would be right.
 * @throws LatchworkError BAD_HISTORY if it is not a JSON value, or more than 64 levels deep.
 */
export function jsonCopy(value: unknown, whose: string, right: string = JSON_RIGHT): unknown {
  const path: (string | number)[] = [];
  const copy = (each: unknown): unknown => {
    if (each === undefined || each === null) return null;
    if (typeof each === "boolean" || typeof each === "string") return each;
    if (typeof each === "number" && isKept(each)) return each === 0 ? 0 : each;
    if (path.length > VALUE_DEPTH_MAX) {
      const what = `values more than ${VALUE_DEPTH_MAX} deep, or one that is in itself`;
      throw new LatchworkError("BAD_HISTORY", `${whose}: ${what}; give flat ones`);
    }
    if (isPlainList(each)) return Array.from(each, (item, i) => inside(i, item));
    if (isPlainObject(each)) {
      const fields = Object.entries(each)
        .filter(([, item]) => item !== undefined)
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(fields.map(([name, item]) => [name, inside(name, item)]));
    }
    const what = `${kindOf(each)}${placeOf(path)} is no value of JSON`;
    throw new LatchworkError("BAD_HISTORY", printable(`${whose}: ${what}; ${right}`));
  };
  const inside = (name: string | number, item: unknown): unknown => {
    path.push(name);
    const copied = copy(item);
    path.pop();
    return copied;
  };
  try {
    return copy(value);
  } catch (error) {
    if (error instanceof LatchworkError) throw error;
    const where = placeOf(path);
    const what = `what stands${where === "" ? " there" : where} cannot be read: ${reasonOf(error)}`;
    throw new LatchworkError("BAD_HISTORY", printable(`${whose}: ${what}; ${right}`));
  }
}

/**
 * What becomes of a value that is kept as JSON text: a date is a string, NaN is null, a map is
 * `{}`, and whatever a `toJSON` of its own says.
 *
 * @throws LatchworkError BAD_HISTORY if it cannot be written as JSON.
 */
export function throughJson(value: unknown, whose: string): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch (error) {
    const why = `JSON cannot encode it: ${reasonOf(error)}`;
    throw new LatchworkError("BAD_HISTORY", printable(`${whose}: ${why}`));
  }
}

function isKept(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

/** The reason that a getter or a proxy of the caller gave. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}

/** True of a list of no class of its own, and without fields: those would be lost. */
function isPlainList(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(prototype) || !isPlainObject(prototype)) return false;
  // The names of items come first.
  const last = Object.keys(value).at(-1);
  return last === undefined || (/^\d+$/.test(last) && Number(last) < value.length);
}

/** True of an object that is nothing but its fields. Each realm has an `Object` of its own. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  const made: unknown = Reflect.get(value, "constructor");
  if (Array.isArray(value) && made === Array) return "a list with fields";
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return `a value of type ${typeof made === "function" && made.name !== "" ? made.name : tag}`;
}

/** Where in a value something stands, as ` at .born[0]`. */
function placeOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return "";
  const steps = path.map((name) => {
    if (typeof name === "number") return `[${name}]`;
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  });
  return ` at ${steps.join("").slice(0, PLACE_LENGTH_MAX)}`;
}

const PLACE_LENGTH_MAX = 80;
