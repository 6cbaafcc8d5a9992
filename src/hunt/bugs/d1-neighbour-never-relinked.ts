import { Crabbing, StructureChange } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class NeighbourForgotten extends StructureChange {
  protected override *relinkRight(): Task<void> {
    // The bug: the right neighbour's left link is nobody's business.
  }
}

class NeighbourNeverRelinked extends Crabbing {
  protected override readonly structure: StructureChange = new NeighbourForgotten();
}

export const D1: Bug = {
  id: "D1",
  kind: "bug",
  protocol: "crabbing",
  title: "a split leaves the right neighbour's left link as it was",
  explanation:
    "Every result is right until somebody scans backward, and then only keys that were moved " +
    "are missing. The check of the tree at rest sees at once that two links disagree.",
  provenance:
    "the class of fenix-framework #137, leaves whose next and previous disagree after a split",
  preemptions: 0,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 15\n",
  make: () => new NeighbourNeverRelinked(),
};
