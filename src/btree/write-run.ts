import { assert } from "../task/index.ts";

/** What a write does; see put-rule.ts for the two that set a value. */
export type WriteKind = "put" | "insert" | "delete";

/** One of several writes that are made together, and what came of it. */
export interface RunWrite {
  readonly kind: WriteKind;
  readonly key: Uint8Array;
  /** Means nothing for a delete. */
  readonly value: Uint8Array;
  /** What the operation of its kind would return; set once it is made. */
  outcome: boolean;
}

/**
 * Writes in the order of their keys, for a protocol that makes as many as it can each time it has
 * come down to a leaf. Writes of one key stand in the order in which they are to take effect.
 *
 * Invariant: those before {@link made} are made or given up, and the rest are as they were.
 */
export class WriteRun<Write extends RunWrite = RunWrite> {
  /** How often some were made under one latch, in one change group. For figures. */
  leafRuns = 0;
  /** How many were made by an operation of their own. For figures. */
  alone = 0;
  readonly #writes: readonly Write[];
  #made = 0;

  /** @param writes Sorted by key. */
  constructor(writes: readonly Write[]) {
    this.#writes = writes;
  }

  /** How many are made or given up. */
  get made(): number {
    return this.#made;
  }

  get isOver(): boolean {
    return this.#made === this.#writes.length;
  }

  /** The first that is neither. Requires: the run is not over. */
  get next(): Write {
    return this.at(this.#made);
  }

  /** One of them by its place. */
  at(index: number): Write {
    const write = this.#writes[index];
    assert(write !== undefined, "a write of a run is before its end");
    return write;
  }

  /** The next write is made, with this outcome. */
  answer(outcome: boolean): void {
    this.next.outcome = outcome;
    this.#made++;
  }

  /** The next write cannot be made. */
  giveUp(): void {
    assert(!this.isOver, "a run that is not over has a next write");
    this.#made++;
  }
}
