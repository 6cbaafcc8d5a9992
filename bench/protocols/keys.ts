import { createPrng, type Prng } from "../../src/task/index.ts";

/** How the keys of operations are chosen. */
export type KeyChoice = "uniform" | "zipf" | "ascending";

export const KEY_CHOICES: readonly KeyChoice[] = ["uniform", "zipf", "ascending"];

export const KEY_BYTES = 16;
export const VALUE_BYTES = 64;
/** Of the keys that are drawn, every second one is there at first. */
const SPACING = 2;
/** A prime, so that ranks that follow each other lie far apart. */
const SCATTER = 999_983;
/** Weights are whole numbers, so that their sums are the same everywhere. */
const WEIGHT = 2 ** 32;

/** The key of a number: keys are ordered as numbers are. */
export function keyOf(number: number): Uint8Array {
  const key = new Uint8Array(KEY_BYTES);
  const view = new DataView(key.buffer);
  view.setUint32(0, 0x6b657973);
  view.setUint32(8, number);
  return key;
}

/** The numbers of the keys that are there at first. */
export function firstKeys(count: number): number[] {
  return Array.from({ length: count }, (_, index) => SPACING * index);
}

/** Draws the keys of one run. Each client draws apart, but for ascending puts. */
export interface KeySource {
  toRead(client: number): number;
  toPut(client: number): number;
}

/** @param count How many keys there are at first. */
export function keySource(choice: KeyChoice, count: number, clients: number): KeySource {
  switch (choice) {
    case "uniform": {
      const draw = drawEach(clients, (prng) => prng.below(SPACING * count));
      return { toRead: draw, toPut: draw };
    }
    case "zipf": {
      const ranks = zipfRanks(SPACING * count);
      const draw = drawEach(clients, (prng) => (rankOf(ranks, prng) * SCATTER) % (SPACING * count));
      return { toRead: draw, toPut: draw };
    }
    case "ascending":
      return ascending(count, clients);
  }
}

function drawEach(clients: number, draw: (prng: Prng) => number): (client: number) => number {
  const prngs = Array.from({ length: clients }, (_, client) => createPrng(`keys ${client}`));
  return (client) => draw(prngs[client] ?? createPrng(client));
}

/** Puts append behind the last key; each client reads on through the tree from its own place. */
function ascending(count: number, clients: number): KeySource {
  let last = SPACING * count;
  const places = Array.from({ length: clients }, (_, at) => Math.floor((at * count) / clients));
  return {
    toRead: (client) => {
      const place = places[client] ?? 0;
      places[client] = (place + 1) % count;
      return SPACING * place;
    },
    toPut: () => last++,
  };
}

/** Sums of the weights of the ranks up to each: that of rank r is in proportion to 1 / r. */
function zipfRanks(count: number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 1; rank <= count; rank++) {
    sum += Math.floor(WEIGHT / rank);
    sums[rank - 1] = sum;
  }
  return sums;
}

function rankOf(sums: Float64Array, prng: Prng): number {
  const total = sums.at(-1) ?? 0;
  // Sums, products and quotients of doubles are rounded in the same way everywhere.
  const wanted = Math.floor((prng.below(WEIGHT) / WEIGHT) * total);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
