import {
  BufferPool,
  type BufferPoolOptions,
  type Lsn,
  type PageId,
} from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";
import { Log, type LogParts, type OwnRecord, type PageChange } from "../../src/wal/index.ts";
import type { ManyCores } from "./many-cores.ts";

type WaitsFor = Parameters<Log["waitDurable"]>[1];

/** A pool that says which pages are come to. */
export class PricedPool extends BufferPool {
  readonly #cores: ManyCores;

  constructor(cores: ManyCores, options: BufferPoolOptions) {
    super(options);
    this.#cores = cores;
  }

  override pin(id: PageId): boolean {
    const isThere = super.pin(id);
    if (isThere) this.#cores.pinned(id);
    return isThere;
  }
}

/** A log that says what is appended, and for which nobody waits unless `doWait`. */
export class PricedLog extends Log {
  readonly #cores: ManyCores;
  readonly #doWait: boolean;

  constructor(cores: ManyCores, doWait: boolean, parts: LogParts) {
    super(parts);
    this.#cores = cores;
    this.#doWait = doWait;
  }

  override append(changes: readonly PageChange[], records?: readonly OwnRecord[]): Lsn {
    const position = super.append(changes, records);
    this.#cores.appended(changes.map(({ id }) => id));
    return position;
  }

  override waitDurable(position: Lsn, waitsFor?: WaitsFor): Task<void> {
    return this.#doWait ? super.waitDurable(position, waitsFor) : nothing();
  }
}

function* nothing(): Task<void> {}
