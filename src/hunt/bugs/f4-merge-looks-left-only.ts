import { Foster, type WriteHandle } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class MergeLooksLeftOnly extends Foster {
  protected override toBeAdoptedFrom(left: WriteHandle): WriteHandle | undefined {
    // The bug: a foster child of the right one is lost, or would be if nobody looked.
    return super.toBeAdoptedFrom(left, left);
  }
}

export const F4: Bug = {
  id: "F4",
  kind: "bug",
  protocol: "foster",
  title: "a merge adopts the foster child of the left page and forgets that of the right one",
  explanation:
    "The right page goes away, and with it the only pointer to its foster child. That pages " +
    "which are merged have none is checked where their bytes are moved.",
  provenance:
    "the class of Zero a35a7fde, where pages that have a foster child were evicted, and of " +
    "rotaki/FosterBtree 86c64e8, a mark that a merge did not take along",
  preemptions: 0,
  scenario: "capacity 2\ntree [10][20,30]\ntask insert 25 then delete 10\n",
  make: () => new MergeLooksLeftOnly(),
};
