import { Crabbing } from "../../btree/index.ts";
import { type Lsn, lsnOf } from "../../storage/index.ts";
import { Log, type LogParts, type PageChange } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

class ImagesOnlyOnce extends Log {
  readonly #floor: Lsn;

  constructor(parts: LogParts) {
    super(parts);
    this.#floor = parts.startLsn;
  }

  protected override needsImage({ page, redo }: PageChange): boolean {
    // The bug: a checkpoint raises the floor, since redo no longer reads the images before it.
    return redo.isWhole || lsnOf(page) <= this.#floor;
  }
}

export const W23: Bug = {
  id: "W23",
  kind: "bug",
  protocol: "crabbing",
  title: "a page is logged whole once after opening, not once after each checkpoint",
  explanation:
    "A crash tears the write of a page: one sector is new, the other old. What repairs it is an " +
    "image in the log. The one image there is lies before the last checkpoint, where redo does " +
    "not look any more, and the operations after it fit no page.",
  provenance:
    "PostgreSQL with full_page_writes off on a disk that tears pages; InnoDB without its " +
    "doublewrite buffer",
  preemptions: 0,
  scenario:
    "capacity 2\npage-size 1024\ntree [10]\n" +
    "task put 10 then checkpoint then put 10 then clean\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeLog: (parts) => new ImagesOnlyOnce(parts) }),
};
