import type { Session, Task } from "../../task/index.ts";
import type { BatchWrite } from "../engine-state.ts";
import type { Engine } from "../engine.ts";

/**
 * Fills one partition of a database that is being divided anew: gathers rows, and writes them a
 * batch at a time.
 */
export class PartitionWriter {
  readonly engine: Engine;
  readonly #session: Session;
  #writes: BatchWrite[] = [];
  #rows = 0;

  constructor(engine: Engine) {
    this.engine = engine;
    this.#session = engine.borrow();
  }

  /** How many rows it was given. */
  get rows(): number {
    return this.#rows;
  }

  add(key: Uint8Array, value: Uint8Array): void {
    this.#writes.push({ kind: "put", key, value });
    this.#rows++;
  }

  /** Writes what has gathered; and a checkpoint once that is due, so that the log stays short. */
  *flush(): Task<void> {
    const writes = this.#writes;
    this.#writes = [];
    yield* this.engine.batch(this.#session, writes);
    if (this.engine.wantsCheckpoint) yield* this.engine.checkpoint(this.#session);
  }

  /** Requires: everything is flushed. */
  close(): Task<void> {
    return this.engine.close(this.#session);
  }
}
