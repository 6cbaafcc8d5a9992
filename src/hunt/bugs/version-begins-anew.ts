import { type Operation, OptimisticCoupling } from "../../btree/index.ts";
import type { Latch } from "../../latch/index.ts";

/** Olc where the version of a page that is used anew begins at 0, as in memory that is cleared. */
export class VersionBeginsAnew extends OptimisticCoupling {
  protected override unlatch(op: Operation): void {
    const fresh: Latch[] = [];
    for (const { isFresh, latch } of op.owner.held) if (isFresh) fresh.push(latch);
    super.unlatch(op);
    for (const latch of fresh) latch.version = 0;
  }
}
