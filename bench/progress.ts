const WIDTH = 78;

/** One line on a terminal that says how far a benchmark is, how fast, and how long it will take. */
export class Progress {
  readonly #total: number;
  readonly #unit: string;
  readonly #startedMs = performance.now();
  #done = 0;

  constructor(total: number, unit: string) {
    this.#total = total;
    this.#unit = unit;
  }

  /** Says what goes on before anything can be counted, or nothing any more. */
  static say(what: string): void {
    if (!process.stderr.isTTY) return;
    const clear = what === "" ? "\r" : "";
    process.stderr.write(`\r${what.slice(0, WIDTH).padEnd(WIDTH)}${clear}`);
  }

  /** One more begins; for work of which each piece takes long. */
  begin(what: string): void {
    Progress.say(
      this.#done === 0 ? `0 of ${this.#total} ${this.#unit}: ${what}` : this.#line(what),
    );
  }

  /** One more is done; writes nothing unless standard error is a terminal. */
  step(what: string): void {
    this.#done++;
    Progress.say(this.#line(what));
    if (this.#done === this.#total) Progress.say("");
  }

  #line(what: string): string {
    const [done, total] = [this.#done, this.#total];
    const eachSeconds = (performance.now() - this.#startedMs) / done / 1000;
    const leftSeconds = Math.ceil(eachSeconds * (total - done));
    const rate =
      eachSeconds < 1 ? `${(1 / eachSeconds).toFixed(1)}/s` : `${eachSeconds.toFixed(1)} s each`;
    return `${done} of ${total} ${this.#unit}, ${rate}, about ${leftSeconds} s left: ${what}`;
  }
}
