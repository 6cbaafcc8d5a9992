import {
  childAt,
  childIndexFor,
  Crabbing,
  isLeaf,
  type Operation,
  type PageHandle,
  rootOf,
} from "../../btree/index.ts";
import { META_PAGE } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class MetaKeptLonger extends Crabbing {
  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    let above = op.shared(META_PAGE, "meta");
    if (above.pending) yield above;
    let page = op.shared(rootOf(above), "root");
    if (page.pending) yield page;
    while (!isLeaf(page)) {
      const child = op.shared(childAt(page, childIndexFor(page, key)), "child");
      if (child.pending) yield child;
      above.release();
      above = page;
      page = child;
    }
    above.release();
    return page;
  }
}

export const K1: Bug = {
  id: "K1",
  kind: "decoy",
  protocol: "crabbing",
  title: "a reader holds three latches on its way down",
  explanation:
    "It releases a page only when its grandchild is latched. Every latch is still taken along " +
    "the order and held at least as long as crabbing asks, so it costs concurrency and nothing " +
    "else.",
  provenance: "a cautious reading of latch coupling",
  preemptions: null,
  scenario:
    "capacity 2\ntree [10,20][30,40]\ntask get 20 then get 30\ntask insert 15\n" +
    "task delete 30\n",
  make: () => new MetaKeptLonger(),
};
