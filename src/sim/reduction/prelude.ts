import type { Draw } from "./event.ts";

/**
 * The values that a program draws before its first event, as its setup does. Each way to draw them
 * gives a program of its own, which is explored as a whole.
 */
export class Prelude {
  draws: Draw[] = [];
  #at = 0;

  /** A run begins. */
  begin(): void {
    this.#at = 0;
  }

  /** Draws a value below `count`. */
  choose(count: number): number {
    const known = this.draws[this.#at++];
    if (known !== undefined) return known.value;
    this.draws.push({ value: 0, count });
    return 0;
  }

  /** Goes on to the next way to draw them; false if there is none. */
  goOn(): boolean {
    for (;;) {
      const last = this.draws.pop();
      if (last === undefined) return false;
      if (last.value + 1 === last.count) continue;
      this.draws.push({ value: last.value + 1, count: last.count });
      return true;
    }
  }
}
