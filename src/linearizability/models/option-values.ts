import { inWords, LatchworkError, refuseUnknownName } from "../../task/index.ts";

// A wrong value, taken in silence, would be a wrong verdict.

/** @throws LatchworkError BAD_ARGUMENT if a flag is given that is neither true nor false. */
export function refuseUnlessFlag(what: string, given: unknown): void {
  if (given === undefined || typeof given === "boolean") return;
  const message = `${what}: expected true or false, found ${inWords(given)}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/** @throws LatchworkError BAD_ARGUMENT if a model cannot start with this, but with numbers. */
export function refuseUnlessWhole(model: string, given: unknown, low: number = -Infinity): void {
  if (Number.isSafeInteger(given) && Number(given) > low) return;
  const wanted = Number.isFinite(low) ? `a whole number over ${low}` : "a whole number";
  const message = `a ${model} cannot start with ${inWords(given)}; expected ${wanted}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/** @throws LatchworkError BAD_ARGUMENT if it is none of what a read of null can say. */
export function refuseUnknownNullReads(whose: string, given: unknown): void {
  refuseUnknownName(`nullReads of ${whose}`, given, ["value", "wildcard"]);
}

/** @throws LatchworkError BAD_ARGUMENT if it is none of what the high end of a scan can be. */
export function refuseUnknownHighEnd(whose: string, given: unknown): void {
  refuseUnknownName(`highEnd of ${whose}`, given, ["inclusive", "exclusive"]);
}
