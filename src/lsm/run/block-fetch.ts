import {
  ACCESS_WRITE,
  assert,
  type DiskRequest,
  type Fact,
  LatchworkError,
  type Monitor,
  Step,
  type TaskId,
} from "../../task/index.ts";
import type { Block } from "./block.ts";

/** What is known of a block that is to be read. */
export interface BlockRead {
  readonly request: DiskRequest<number>;
  /** Makes the block of what was read, so many bytes; throws BAD_RUN if it is damaged. */
  readonly complete: (count: number) => Block;
}

/** One read of one block, for all who wait for it. The first to come after it completes it. */
export class BlockFetch {
  readonly #read: BlockRead;
  readonly #monitor: Monitor;
  readonly #ended: (block: Block | null) => void;
  #block: Block | null = null;
  #fault: LatchworkError | null = null;

  /**
   * @param monitor Of the cache that the block is for.
   * @param ended Called once when the read is over: with the block, or null if there is none.
   */
  constructor(read: BlockRead, monitor: Monitor, ended: (block: Block | null) => void) {
    this.#read = read;
    this.#monitor = monitor;
    this.#ended = ended;
  }

  get request(): DiskRequest<number> {
    return this.#read.request;
  }

  get isOver(): boolean {
    return this.#block !== null || this.#fault !== null;
  }

  /** The block. Requires: the read is over. Throws the fault that it met. */
  get block(): Block {
    if (this.#fault !== null) throw this.#fault;
    assert(this.#block !== null, "a block is there once its read is over");
    return this.#block;
  }

  /** Ends the read, well or not, unless it is over or goes on after all. */
  end(task: TaskId): void {
    this.#monitor.touch(ACCESS_WRITE);
    if (this.isOver) return;
    try {
      if (!this.request.take(task)) return;
      this.#block = this.#read.complete(this.request.value);
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.#fault = error;
    }
    this.#ended(this.#block);
  }
}

/** One task's wait for a fetch. */
export class FetchStep extends Step {
  readonly #fetch: BlockFetch;

  constructor(fetch: BlockFetch) {
    super();
    this.#fetch = fetch;
    const { request } = fetch;
    this.objectId = request.objectId;
    this.access = request.access;
    this.dueAtMs = request.dueAtMs;
    request.join(this);
  }

  override isEnabled(task: TaskId): boolean {
    return this.#fetch.isOver || this.#fetch.request.isEnabled(task);
  }

  /** @throws LatchworkError as the read did; each who waits is told. */
  override take(task: TaskId): boolean {
    this.#fetch.end(task);
    return this.#fetch.isOver && this.#fetch.block !== null;
  }

  override fact(): Fact {
    return this.#fetch.request.fact();
  }
}
