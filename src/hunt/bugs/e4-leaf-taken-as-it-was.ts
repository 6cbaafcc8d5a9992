import { atKey, BLink, type Operation, type WriteHandle } from "../../btree/index.ts";
import type { PageId } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class TakesTheLeafAsItWas extends BLink {
  protected override *descendToWrite(
    op: Operation,
    key: Uint8Array,
    way: PageId[],
  ): Task<WriteHandle> {
    const above = yield* this.descend(op, atKey(key), 1);
    way[1] = above.pageId;
    const next = atKey(key).childIn(above);
    above.release();
    const leaf = op.exclusive(next, "leaf");
    if (leaf.pending) yield leaf;
    return leaf; // The bug: nobody asks whether it still covers the key.
  }
}

export const E4: Bug = {
  id: "E4",
  kind: "bug",
  protocol: "b-link",
  title: "a writer takes the leaf that it was led to, and does not move right",
  explanation:
    "The leaf was split on the way, and the key is in its right half. The delete does not find " +
    "it there, and says that there is none.",
  provenance: "Log2n-io/Typhon #304: a remove did not compare its key with the leaf's high key",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask delete 20\ntask insert 15\n",
  make: () => new TakesTheLeafAsItWas(),
};
