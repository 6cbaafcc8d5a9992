import type { ConfigSet } from "./config-set.ts";
import type { OpenOperations } from "./open-operations.ts";

/** Width of a frontier that is tried first, and how much wider each further try is. */
const FIRST_WIDTH = 16;
const WIDER = 3;
/** Configurations to choose from, and expansions that one event may cost, in widths. */
const CHOICE = 2;
const EFFORT = 64;
/** Tries with a narrow frontier at the same place, before everything is kept. */
const TRIES = 7;
/** Events between two checkpoints, and how many are held. */
const SPACING = 64;
const HELD = 64;

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
  #tries = 0;
  #failedAt = 0;
  #lastSaved = 0;
  readonly #checkpoints: Checkpoint[] = [];

  constructor(narrowFirst: boolean) {
    this.width = narrowFirst ? FIRST_WIDTH : Number.POSITIVE_INFINITY;
  }

  /** True if `count` are enough to choose from, or `expansions` were enough. */
  isEnough(count: number, expansions: number): boolean {
    if (count < this.width * CHOICE && expansions < this.width * EFFORT) return false;
    this.isExact = false;
    return true;
  }

  /** True if a checkpoint should be made before event `event`. */
  isDue(event: number): boolean {
    if (this.width === Number.POSITIVE_INFINITY) return false;
    if (this.#tries > 0 && event > this.#failedAt + SPACING) {
      this.#tries = 0;
      this.width = FIRST_WIDTH;
    }
    return event >= this.#lastSaved + SPACING;
  }

  save(event: number, frontier: ConfigSet, open: OpenOperations): void {
    this.#lastSaved = event;
    this.#checkpoints.push({
      event,
      set: frontier.copy(),
      eager: [...open.eager],
      others: [...open.others],
      isExact: this.isExact,
    });
    if (this.#checkpoints.length > HELD) this.#checkpoints.shift();
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
    this.width *= WIDER;
    // Checkpoints made since an earlier try are gone already when that one went back.
    let checkpoint: Checkpoint | undefined;
    const target = this.#failedAt - SPACING * 2 ** (this.#tries - 1);
    do checkpoint = this.#checkpoints.pop();
    while (checkpoint !== undefined && checkpoint.event > target && this.#checkpoints.length > 0);
    if (this.#tries > TRIES || checkpoint === undefined) {
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
