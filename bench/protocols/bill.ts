import type { CacheLines } from "./cache-lines.ts";

/** What a core does for its client, in order: work, a line that is read or written, a release. */
type Item =
  | { readonly kind: "work"; readonly ns: number }
  | { readonly kind: "read" | "write"; readonly line: number }
  | { readonly kind: "release"; readonly guard: { finishRelease(): void } };

/**
 * What a client's code has done and is still to be paid for in time, the first thing first. The
 * code ran at one moment; each line that it used is asked for at the moment to which it was paid.
 */
export class Bill {
  readonly #items: Item[] = [];
  #next = 0;
  #workNs = 0;

  /** How much work is still to be paid, lines not counted. */
  get workNs(): number {
    return this.#workNs;
  }

  work(ns: number): void {
    this.#workNs += ns;
    this.#items.push({ kind: "work", ns });
  }

  read(line: number): void {
    this.#items.push({ kind: "read", line });
  }

  write(line: number): void {
    this.#items.push({ kind: "write", line });
  }

  release(guard: { finishRelease(): void }): void {
    this.#items.push({ kind: "release", guard });
  }

  /** Pays what comes next, up to something that takes time; gives when that is over, or null. */
  pay(lines: CacheLines, core: number, nowNs: number): number | null {
    for (;;) {
      const item = this.#items[this.#next];
      if (item === undefined) break;
      this.#next++;
      const atNs = this.#begin(item, lines, core, nowNs);
      if (atNs > nowNs) return atNs;
    }
    this.#items.length = 0;
    this.#next = 0;
    return null;
  }

  #begin(item: Item, lines: CacheLines, core: number, nowNs: number): number {
    switch (item.kind) {
      case "work":
        this.#workNs -= item.ns;
        return nowNs + item.ns;
      case "read":
        return lines.read(item.line, core, nowNs);
      case "write":
        return lines.write(item.line, core, nowNs);
      case "release":
        item.guard.finishRelease();
        return nowNs;
    }
  }
}
