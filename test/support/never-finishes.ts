import { BLink, type Operation, type WriteHandle } from "../../src/btree/index.ts";
import type { PageId } from "../../src/storage/index.ts";
import { LatchworkError, type Task } from "../../src/task/index.ts";

/**
 * B-link trees whose operations break off after the first step of each split and merge of their
 * own, as if the disk failed there each time: the second is left to whoever comes by.
 */
export class NeverFinishes extends BLink {
  override readonly name: string = "never-finishes";
  /** Operations that have taken effect, and are at what is left to do. */
  readonly #after = new Set<Operation>();

  protected override *afterwards(op: Operation, work: Task<void>): Task<void> {
    this.#after.add(op);
    yield* super.afterwards(op, work);
    this.#after.delete(op);
  }

  protected override *post(op: Operation, page: WriteHandle, way: PageId[]): Task<void> {
    this.#breakOff(op);
    yield* super.post(op, page, way);
  }

  override *unlink(op: Operation, id: PageId, from: PageId, end: Uint8Array | null): Task<void> {
    this.#breakOff(op);
    yield* super.unlink(op, id, from, end);
  }

  #breakOff(op: Operation): void {
    if (!this.#after.has(op)) return;
    throw new LatchworkError("DISK_ERROR", "the disk fails between two steps");
  }
}
