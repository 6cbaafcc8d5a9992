import { EXCLUSIVE, type Fairness, type Mode, SHARED, UPDATE } from "../../src/latch/index.ts";

export type Letter = "S" | "U" | "X";
export const LETTERS: readonly Letter[] = ["S", "U", "X"];
export const MODE_OF: Readonly<Record<Letter, Mode>> = { S: SHARED, U: UPDATE, X: EXCLUSIVE };
/** Whom each mode fits, written down once more by hand. */
const FITS: Readonly<Record<Letter, string>> = { S: "SU", U: "S", X: "" };

interface Waiter {
  readonly id: number;
  readonly mode: Letter;
  readonly isUpgrade: boolean;
}

/** What a latch should do, in the plainest words: two lists, looked through from the start. */
export class ModelLatch {
  readonly fairness: Fairness;
  holders: { id: number; mode: Letter }[] = [];
  queue: Waiter[] = [];

  constructor(fairness: Fairness) {
    this.fairness = fairness;
  }

  /** True if granted; otherwise the request waits, or is refused if it is only tried. */
  ask(id: number, mode: Letter, isTry: boolean): boolean {
    const wanted = { id, mode, isUpgrade: false };
    const isFree = this.#fits(wanted) && this.#mayPass(mode);
    if (isFree) this.holders.push({ id, mode });
    else if (!isTry) this.queue.push(wanted);
    return isFree;
  }

  upgrade(id: number): void {
    this.queue.unshift({ id, mode: "X", isUpgrade: true });
    this.#serve();
  }

  release(id: number): void {
    this.holders = this.holders.filter((holder) => holder.id !== id);
    this.#serve();
  }

  /** Whom a release would serve next if the holders allowed it. */
  next(): Waiter | undefined {
    if (this.fairness !== "writer-preferring") return this.queue[0];
    const writer = this.queue.find(({ mode }) => mode === "X");
    return writer ?? this.queue.find((waiter) => this.#fits(waiter));
  }

  couldServe(): boolean {
    const next = this.next();
    return next !== undefined && this.#fits(next);
  }

  #mayPass(mode: Letter): boolean {
    if (this.fairness === "barging" || this.queue.length === 0) return true;
    if (this.fairness === "fifo") return false;
    return mode === "X" || !this.queue.some((waiter) => waiter.mode === "X");
  }

  #fits({ id, mode }: Waiter): boolean {
    const others = this.holders.filter((holder) => holder.id !== id);
    return others.every((holder) => FITS[mode].includes(holder.mode));
  }

  #serve(): void {
    for (;;) {
      const next = this.next();
      if (next === undefined || !this.#fits(next)) return;
      this.queue = this.queue.filter((waiter) => waiter !== next);
      this.holders = this.holders.filter(({ id }) => id !== next.id);
      this.holders.push({ id: next.id, mode: next.mode });
    }
  }
}
