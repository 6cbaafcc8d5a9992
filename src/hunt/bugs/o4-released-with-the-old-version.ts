import { OptimisticCoupling, type Operation } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class KeepsTheVersion extends OptimisticCoupling {
  protected override unlatch(op: Operation): void {
    const latches = op.owner.held.map(({ latch }) => ({ latch, version: latch.version }));
    super.unlatch(op);
    // The bug: nobody sees that there was a change.
    for (const { latch, version } of latches) latch.version = version;
  }
}

export const O4: Bug = {
  id: "O4",
  kind: "bug",
  protocol: "olc",
  title: "a writer releases a page without counting its version up",
  explanation:
    "A reader takes the version of a leaf, the leaf is split, and the version is the same when " +
    "the reader looks again. So it believes that a key which has moved is nowhere.",
  provenance: "the class of OLC ports that unlock by clearing a bit; here from the rule itself",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
  make: () => new KeepsTheVersion(),
};
