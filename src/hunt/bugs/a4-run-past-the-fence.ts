import { Crabbing } from "../../btree/index.ts";
import type { Bug } from "./bug.ts";

class RunPastTheFence extends Crabbing {
  protected override isOfLeaf(): boolean {
    // The bug: the batch is sorted and the leaf is held, so on it goes.
    return true;
  }
}

export const A4: Bug = {
  id: "A4",
  kind: "bug",
  protocol: "crabbing",
  title: "a leaf run goes on past the high fence of its leaf",
  explanation:
    "A put and a delete go down together, and their keys are in two leaves. The run goes on in " +
    "the first: the delete does not find its key there, and says that there is none.",
  provenance: "plausible: the range of a leaf is its keys, until somebody thinks of the next leaf",
  preemptions: 0,
  scenario:
    "capacity 4\ntree [10,20][30,40]\ntask put 10\ntask delete 30\ncrashes 0\nbatching 1,16,4096\n",
  make: () => new RunPastTheFence(),
  // Nothing of it is changed, but it takes an engine to batch writes.
  parts: () => ({}),
};
