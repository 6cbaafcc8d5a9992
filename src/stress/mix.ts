import { LatchworkError, type Prng, printable } from "../task/index.ts";

/** What a client of a stress run may ask for. */
export type RequestKind = "get" | "put" | "insert" | "delete" | "scan" | "batch";

export const REQUEST_KINDS: readonly RequestKind[] = Object.keys({
  get: true,
  put: true,
  insert: true,
  delete: true,
  scan: true,
  batch: true,
} satisfies Record<RequestKind, true>) as RequestKind[];

/** How often each kind is drawn, relative to the others. */
export type Mix = readonly (readonly [kind: RequestKind, weight: number])[];

/** Writes that contend with each other and with reads, two of them conditional. */
export const DEFAULT_MIX = "get=50,put=30,insert=10,delete=10";

const RIGHT = `expected weights such as ${DEFAULT_MIX}, of ${REQUEST_KINDS.join(", ")}`;

/**
 * Reads `get=50,put=50`: kinds with their weights, whole numbers. A weight of 0 leaves one out.
 *
 * @throws LatchworkError BAD_ARGUMENT if it is not that, names a kind twice, or draws nothing.
 */
export function parseMix(text: string): Mix {
  const mix = text.split(",").map((part) => partOf(part, text));
  if (new Set(mix.map(([kind]) => kind)).size < mix.length) throw badMix(text, "a kind twice");
  if (mix.every(([, weight]) => weight === 0)) throw badMix(text, "nothing to draw");
  return mix.filter(([, weight]) => weight > 0);
}

function partOf(part: string, text: string): readonly [RequestKind, number] {
  const [name, weight, ...rest] = part.split("=");
  const kind = REQUEST_KINDS.find((known) => known === name?.trim());
  if (kind === undefined || rest.length > 0 || !/^\d{1,6}$/.test(weight ?? "")) {
    throw badMix(text, JSON.stringify(part));
  }
  return [kind, Number(weight)];
}

function badMix(text: string, what: string): LatchworkError {
  return new LatchworkError("BAD_ARGUMENT", printable(`mix ${text} has ${what}; ${RIGHT}`));
}

/** Draws a kind by the weights. Requires: the mix has a part. O(parts). */
export function drawKind(mix: Mix, prng: Prng): RequestKind {
  let rest = prng.below(mix.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [kind, weight] of mix) {
    if (rest < weight) return kind;
    rest -= weight;
  }
  throw new LatchworkError("BAD_ARGUMENT", "mix has no part");
}
