import { Crabbing } from "../../btree/index.ts";
import type { EngineParts } from "../../engine/index.ts";
import type { LatchOwner } from "../../latch/index.ts";
import { BufferPool, type PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { Checkpoint } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

function* waitForWrites(): Task<void> {}

function partsOf(): Partial<EngineParts> {
  return {
    makeCheckpoint: (options) => {
      const { pool, cleaner } = options;
      // The bug: a page that another task is writing just now is neither dirty nor in the file.
      const dirtyPages = (): PageId[] =>
        pool.dirtyPages().filter((id) => !(pool instanceof BufferPool) || pool.isDirty(id));
      const clean = (owner: LatchOwner, id: PageId): Task<void> => cleaner.clean(owner, id);
      return new Checkpoint({
        ...options,
        pool: { dirtyPages },
        cleaner: { clean, waitForWrites },
      });
    },
  };
}

export const W20: Bug = {
  id: "W20",
  kind: "bug",
  protocol: "crabbing",
  title: "a checkpoint forgets the pages that are being written when it begins",
  explanation:
    "The cleaner has copied a page and marked it clean, and its write is under way. A " +
    "checkpoint asks for the dirty pages, does not get this one, syncs the file without it and " +
    "lets redo begin later. After a crash the page is the old one, and redo does not go back " +
    "far enough.",
  provenance:
    "plausible; InnoDB keeps a page in the flush list until its write has ended, for this reason",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask put 10 then clean\ntask get 10 then checkpoint\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: partsOf,
};
