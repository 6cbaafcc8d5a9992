import type { RowSink, ScanRange } from "../../btree/index.ts";
import type { Session, Task } from "../../task/index.ts";

/** What rows are read from. */
export interface RowSource {
  scan(session: Session, range: ScanRange, sink: RowSink): Task<number>;
}

/**
 * All rows of a tree in the order of their keys, some at a time: each part is a task that visits
 * the next of them, and says whether they were the last. Nothing is held between two parts.
 */
export class RowParts implements Iterable<Task<boolean>> {
  readonly #source: RowSource;
  readonly #session: Session;
  readonly #limit: number;
  readonly #sink: RowSink;
  #last: Uint8Array | null = null;
  #isAtEnd = false;

  /** @param limit The most rows of a part. */
  constructor(source: RowSource, session: Session, limit: number, row: RowSink["row"]) {
    this.#source = source;
    this.#session = session;
    this.#limit = limit;
    this.#sink = {
      row: (key, value) => {
        this.#last = key;
        row(key, value);
      },
    };
  }

  *[Symbol.iterator](): Iterator<Task<boolean>> {
    while (!this.#isAtEnd) yield this.#part();
  }

  *#part(): Task<boolean> {
    const last = this.#last;
    const rest: ScanRange = last === null ? {} : { start: last, startInclusive: false };
    const range = { ...rest, limit: this.#limit };
    const count = yield* this.#source.scan(this.#session, range, this.#sink);
    this.#isAtEnd = count < this.#limit;
    return this.#isAtEnd;
  }
}
