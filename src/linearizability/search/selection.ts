import type { ConfigSet } from "./config-set.ts";

/** Scores are shifted so that none is below 0; masks of more words share the end of the range. */
const SCORES = 256;

/**
 * Chooses which configurations of a set a narrow search goes on with.
 *
 * Blind writes that are still to be done are of use later, and everything else that is still to be
 * done is a debt. So a configuration is better the fewer blind writes and the more others it has
 * linearized; and of every state the best come first, since it is unknown which will be asked for.
 */
export class Selection {
  #ranked: Int32Array = new Int32Array(64);
  #ranks: Int32Array = new Int32Array(64);
  readonly #counts = new Int32Array(SCORES + 1);
  readonly #seen = new Map<number, number>();

  /** Copies the best `width` of `from` to `to`, which is empty. O(configurations * words). */
  choose(from: ConfigSet, to: ConfigSet, width: number, blindWrites: Int32Array): void {
    const { count } = from;
    if (this.#ranked.length < count) {
      this.#ranked = new Int32Array(count * 2);
      this.#ranks = new Int32Array(count * 2);
    }
    this.#sortByScore(from, blindWrites);
    const seen = this.#seen;
    seen.clear();
    for (let i = 0; i < count; i++) {
      const state = from.states[this.#ranked[i] ?? 0] ?? 0;
      const rank = seen.get(state) ?? 0;
      seen.set(state, rank + 1);
      this.#ranks[i] = rank;
    }
    const mask = new Int32Array(from.words);
    for (let rank = 0; to.count < width && rank < count; rank++) {
      for (let i = 0; i < count && to.count < width; i++) {
        if (this.#ranks[i] !== rank) continue;
        const index = this.#ranked[i] ?? 0;
        from.loadMask(index, mask);
        to.add(from.states[index] ?? 0, mask, from.nodes[index] ?? 0);
      }
    }
  }

  /** Counting sort, best first. */
  #sortByScore(from: ConfigSet, blindWrites: Int32Array): void {
    const counts = this.#counts.fill(0);
    for (let i = 0; i < from.count; i++) {
      const score = scoreOf(from, i, blindWrites);
      this.#ranks[i] = score;
      counts[score + 1] = (counts[score + 1] ?? 0) + 1;
    }
    for (let score = 1; score <= SCORES; score++) {
      counts[score] = (counts[score] ?? 0) + (counts[score - 1] ?? 0);
    }
    for (let i = 0; i < from.count; i++) {
      const score = this.#ranks[i] ?? 0;
      const place = counts[score] ?? 0;
      counts[score] = place + 1;
      this.#ranked[place] = i;
    }
  }
}

/** Lower is better. */
function scoreOf({ masks, words }: ConfigSet, index: number, blindWrites: Int32Array): number {
  let score = SCORES / 2;
  for (let w = 0; w < words; w++) {
    const mask = masks[index * words + w] ?? 0;
    const blind = blindWrites[w] ?? 0;
    score += bitsOf(mask & blind) - bitsOf(mask & ~blind);
  }
  return Math.max(0, Math.min(SCORES - 1, score));
}

/** How many bits of a word are set. */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
