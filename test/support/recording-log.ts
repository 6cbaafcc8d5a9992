import { applyRedo } from "../../src/btree/index.ts";
import {
  asEditor,
  lsn,
  type Lsn,
  type PageId,
  type PageMemory,
  setLsn,
} from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";
import type { ChangeLog, PageChange } from "../../src/wal/index.ts";

interface Recorded {
  readonly id: PageId;
  readonly position: Lsn;
  /** The whole page, or the operations that made it of the one before. */
  readonly image: Uint8Array | null;
  readonly operations: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A log in an array, all of it durable at once, that can be replayed. */
export class RecordingLog implements ChangeLog {
  readonly keepsChanges = true;
  readonly changes: Recorded[] = [];
  groups = 0;
  /** The positions that were waited for. */
  readonly waits: Lsn[] = [];

  get endLsn(): Lsn {
    return lsn(1 + 10 * this.groups);
  }

  append(changes: readonly PageChange[]): Lsn {
    this.groups++;
    for (const { id, page, redo } of changes) {
      this.changes.push({
        id,
        position: this.endLsn,
        image: redo.isWhole ? page.bytes.slice() : null,
        operations: redo.isWhole ? NOTHING : redo.operations.slice(),
      });
    }
    return this.endLsn;
  }

  *waitDurable(position: Lsn): Task<void> {
    this.waits.push(position);
  }

  /** Replays everything onto the pages as they were before. */
  replay(memory: PageMemory): void {
    for (const { id, position, image, operations } of this.changes) {
      memory.ensure(id + 1);
      const page = asEditor(memory.frame(id));
      if (image === null) applyRedo(page, operations);
      else page.bytes.set(image);
      setLsn(page, position);
    }
  }
}
