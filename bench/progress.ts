const WIDTH = 78;

/** One line on a terminal that says how far a benchmark is and how long it will take. */
export class Progress {
  readonly #total: number;
  readonly #unit: string;
  readonly #startedMs = performance.now();
  #done = 0;

  constructor(total: number, unit: string) {
    this.#total = total;
    this.#unit = unit;
  }

  /** One more is done; writes nothing unless standard error is a terminal. */
  step(what: string): void {
    this.#done++;
    if (!process.stderr.isTTY) return;
    const [done, total] = [this.#done, this.#total];
    const tookMs = performance.now() - this.#startedMs;
    const leftSeconds = Math.ceil(((tookMs / done) * (total - done)) / 1000);
    const line = `${done} of ${total} ${this.#unit}, about ${leftSeconds} s left: ${what}`;
    const clear = done === total ? `\r${" ".repeat(WIDTH)}\r` : "";
    process.stderr.write(`\r${line.slice(0, WIDTH).padEnd(WIDTH)}${clear}`);
  }
}
