import { NEVER, type Part } from "./part.ts";
import type { Steps } from "./steps.ts";

/** Means that an open operation has no twin. */
export const NO_TWIN = -1;

/**
 * The operations that are open at one moment of a search, as two lists: observers that the search
 * linearizes by itself, and the others, by deadline.
 */
export class OpenOperations {
  readonly eager: number[] = [];
  readonly others: number[] = [];
  /** Of each of `others`: one that does the same and must be taken first, or NO_TWIN. */
  readonly twins: number[] = [];
  #part: Part;
  readonly #isEager: boolean;

  constructor(part: Part, isEager: boolean) {
    this.#part = part;
    this.#isEager = isEager;
  }

  isEager(operation: number): boolean {
    return this.#isEager && this.#part.isObserver[operation] === 1;
  }

  /** O(open operations). */
  add(operation: number): void {
    if (this.isEager(operation)) {
      this.eager.push(operation);
      return;
    }
    const { deadlines } = this.#part;
    const deadline = deadlines[operation] ?? NEVER;
    let at = this.others.length;
    this.others.push(operation);
    while (at > 0 && (deadlines[this.others[at - 1] ?? 0] ?? NEVER) > deadline) {
      this.others[at] = this.others[at - 1] ?? 0;
      at--;
    }
    this.others[at] = operation;
  }

  remove(operation: number): void {
    const list = this.isEager(operation) ? this.eager : this.others;
    const at = list.indexOf(operation);
    if (at >= 0) list.splice(at, 1);
  }

  /** Goes back to lists copied before. */
  restore(eager: readonly number[], others: readonly number[]): void {
    this.eager.splice(0, this.eager.length, ...eager);
    this.others.splice(0, this.others.length, ...others);
  }

  /** Finds the operations that have a twin; none, unless `looks`. O(open operations squared). */
  findTwins(steps: Steps, looks: boolean): void {
    const { isRequired } = this.#part;
    for (let j = 0; j < this.others.length; j++) {
      const operation = this.others[j] ?? 0;
      let twin = NO_TWIN;
      for (let i = j - 1; looks && i >= 0 && twin === NO_TWIN; i--) {
        const earlier = this.others[i] ?? 0;
        if (isRequired[earlier] === 0 && isRequired[operation] === 1) continue;
        if (steps.isSame(earlier, operation)) twin = earlier;
      }
      this.twins[j] = twin;
    }
  }
}
