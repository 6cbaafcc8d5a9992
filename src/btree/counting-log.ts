import { lsn, type Lsn } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import type { ChangeLog } from "../wal/index.ts";

/** A log that keeps nothing but the count: for trees that live in memory only. */
export class CountingLog implements ChangeLog {
  readonly keepsChanges = false;
  #last = 0;

  get endLsn(): Lsn {
    return lsn(this.#last);
  }

  append(): Lsn {
    return lsn(++this.#last);
  }

  /** Returns at once: nothing here outlives the process, and nothing else was promised. */
  *waitDurable(): Task<void> {}

  /** Goes back to a position that it was at, for a driver that starts over. */
  reset(position: Lsn): void {
    this.#last = position;
  }
}
