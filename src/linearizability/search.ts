/**
 * A sequential object whose state can be stepped forward and back.
 *
 * Operations are numbers, the indices into the history that is checked.
 */
export interface SequentialModel {
  /** Does the operation if its recorded result is what the object would give now; else false. */
  apply(operation: number): boolean;
  /** Takes back the operation applied last. */
  undo(operation: number): void;
  /** Identifies the state exactly, for the memory of states already searched. */
  stateKey(): number | string;
}

/** When each operation was invoked and when it returned; both strictly increase over time. */
export interface Intervals {
  readonly invokedAt: ArrayLike<number>;
  readonly returnedAt: ArrayLike<number>;
}

/** The most operations that one search can hold, one bit each. */
export const SEARCH_OPERATIONS_MAX = 30;

/**
 * Decides whether a history is linearizable by search (Wing and Gong 1993), remembering which
 * configurations have been searched in vain (Lowe 2017).
 *
 * An operation may come next if it was invoked before every operation that is left has returned.
 * Operations are tried in the order in which they returned, which explains most right histories at
 * once. Exponential in how many overlap; meant for the few operations of one scenario.
 *
 * @param operations Which operations of the history to order; at most SEARCH_OPERATIONS_MAX.
 */
export class LinearizationSearch {
  readonly #failed = new Set<string>();
  readonly #operations: number[] = [];
  #intervals: Intervals = { invokedAt: [], returnedAt: [] };
  #model: SequentialModel | null = null;

  /** True if some order explains all results and keeps real-time order. */
  run(operations: readonly number[], intervals: Intervals, model: SequentialModel): boolean {
    if (operations.length > SEARCH_OPERATIONS_MAX) {
      throw new RangeError(`${operations.length} operations exceed ${SEARCH_OPERATIONS_MAX}`);
    }
    this.#intervals = intervals;
    this.#sortByReturn(operations);
    this.#model = model;
    if (this.#failed.size > 0) this.#failed.clear();
    return this.#extend((1 << operations.length) - 1);
  }

  /** Insertion sort: the operations are few, and mostly in order already. */
  #sortByReturn(operations: readonly number[]): void {
    const sorted = this.#operations;
    const { returnedAt } = this.#intervals;
    while (sorted.length > operations.length) sorted.pop();
    for (let i = 0; i < operations.length; i++) {
      const operation = operations[i] ?? 0;
      let at = i;
      while (at > 0 && (returnedAt[sorted[at - 1] ?? 0] ?? 0) > (returnedAt[operation] ?? 0)) {
        sorted[at] = sorted[at - 1] ?? 0;
        at--;
      }
      sorted[at] = operation;
    }
  }

  /** Orders the operations whose bits are set in `left`. */
  #extend(left: number): boolean {
    if (left === 0) return true;
    const model = this.#model;
    if (model === null) return false;
    const deadline = this.#firstReturn(left);
    let tried = 0;
    for (let i = 0; i < this.#operations.length; i++) {
      const operation = this.#operations[i] ?? 0;
      if ((left & (1 << i)) === 0) continue;
      if ((this.#intervals.invokedAt[operation] ?? 0) > deadline) continue;
      if (!model.apply(operation)) continue;
      tried++;
      if (this.#isOpen(left & ~(1 << i), model) && this.#extend(left & ~(1 << i))) {
        model.undo(operation);
        return true;
      }
      model.undo(operation);
    }
    if (tried > 0) this.#failed.add(`${left}:${model.stateKey()}`);
    return false;
  }

  #isOpen(left: number, model: SequentialModel): boolean {
    return this.#failed.size === 0 || !this.#failed.has(`${left}:${model.stateKey()}`);
  }

  #firstReturn(left: number): number {
    let first = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#operations.length; i++) {
      if ((left & (1 << i)) === 0) continue;
      first = Math.min(first, this.#intervals.returnedAt[this.#operations[i] ?? 0] ?? 0);
    }
    return first;
  }
}
