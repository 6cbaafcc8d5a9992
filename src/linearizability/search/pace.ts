import { ConfigSet } from "./config-set.ts";
import type { OpenOperations } from "./open-operations.ts";
import { SEARCH_SIZES, type SearchSizes } from "./search-sizes.ts";

/** Where the search can go back to. */
export interface Checkpoint {
  readonly event: number;
  readonly set: ConfigSet;
  readonly eager: readonly number[];
  readonly others: readonly number[];
  /** Whether nothing had been dropped by then. */
  readonly isExact: boolean;
}

/**
 * How wide the frontier may be, and where to go back to when that was too narrow.
 *
 * Histories with an explanation mostly have very many: a few configurations get through, as the
 * depth-first search of others finds a way without seeing most of the space. Where they do not, the
 * search goes back a little and on with more, and after some tries begins again with all.
 */
export class Pace {
  /** True while nothing was dropped: an empty frontier then means no. */
  isExact = true;
  /** How many configurations may be kept. */
  width: number;
  readonly #sizes: SearchSizes;
  #tries = 0;
  #failedAt = 0;
  #lastSaved = 0;
  readonly #checkpoints: Checkpoint[] = [];

  constructor(narrowFirst: boolean, sizes: SearchSizes = SEARCH_SIZES) {
    this.#sizes = sizes;
    this.width = narrowFirst ? this.#sizes.width : Number.POSITIVE_INFINITY;
  }

  /** True if `count` are enough to choose from, or `expansions` were enough. */
  isEnough(count: number, expansions: number): boolean {
    if (count < this.width * this.#sizes.choice && expansions < this.width * this.#sizes.effort)
      return false;
    this.isExact = false;
    return true;
  }

  /** True if a checkpoint should be made before event `event`. */
  isDue(event: number): boolean {
    if (this.width === Number.POSITIVE_INFINITY) return false;
    if (this.#tries > 0 && event > this.#failedAt + this.#sizes.spacing) {
      this.#tries = 0;
      this.width = this.#sizes.width;
    }
    return event >= this.#lastSaved + this.#sizes.spacing;
  }

  save(event: number, frontier: ConfigSet, open: OpenOperations): void {
    this.#lastSaved = event;
    const isFull = this.#checkpoints.length >= this.#sizes.held;
    const set = (isFull ? this.#checkpoints.shift()?.set : undefined) ?? new ConfigSet();
    frontier.copyTo(set);
    this.#checkpoints.push({
      event,
      set,
      eager: [...open.eager],
      others: [...open.others],
      isExact: this.isExact,
    });
  }

  /** All sets of configurations that are still of use. */
  withCheckpoints(frontier: ConfigSet): ConfigSet[] {
    return [frontier, ...this.#checkpoints.map(({ set }) => set)];
  }

  /**
   * Where to go on after the frontier emptied at event `failed`: a checkpoint, the further back the
   * more often that happened, or null for the start, with everything kept.
   */
  goBack(failed: number): Checkpoint | null {
    this.#tries++;
    this.#failedAt = Math.max(failed, this.#failedAt);
    this.width *= this.#sizes.wider;
    // Checkpoints made since an earlier try are gone already when that one went back.
    let checkpoint: Checkpoint | undefined;
    const target = this.#failedAt - this.#sizes.spacing * 2 ** (this.#tries - 1);
    do checkpoint = this.#checkpoints.pop();
    while (checkpoint !== undefined && checkpoint.event > target && this.#checkpoints.length > 0);
    if (this.#tries > this.#sizes.tries || checkpoint === undefined) {
      this.width = Number.POSITIVE_INFINITY;
      this.#checkpoints.length = 0;
      this.isExact = true;
      return null;
    }
    this.#checkpoints.push(checkpoint);
    this.#lastSaved = checkpoint.event;
    this.isExact = checkpoint.isExact;
    return checkpoint;
  }
}
