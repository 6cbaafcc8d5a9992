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
    "A reader has read the old header of a leaf when a writer changes it. When it looks again " +
    "the version is the same, so it believes the old header and the new entries together.",
  provenance: "plausible: a release that clears the latch's bit and leaves the rest of the word",
  preemptions: 1,
  scenario: "capacity 3\ntree [10,20]\ntask get 20\ntask insert 5\n",
  make: () => new KeepsTheVersion(),
};
