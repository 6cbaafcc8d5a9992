import { OptimisticCrabbing, type Operation, type PutRule } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class AlwaysASecondAttempt extends OptimisticCrabbing {
  protected override *upsert(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    const leaf = yield* this.descendToWrite(op, key);
    leaf.release();
    return yield* this.upsertFromRoot(op, key, value, rule);
  }
}

export const K4: Bug = {
  id: "K4",
  kind: "decoy",
  protocol: "optimistic-crabbing",
  title: "a write comes down twice, whatever it finds the first time",
  explanation:
    "To release the leaf and come back looks like C12 and D5. But nothing is carried over: the " +
    "second attempt starts at the root and looks at everything anew, so the first is wasted and " +
    "harmless.",
  provenance: "a prefetching descent, as for pages that may have to be read from disk",
  preemptions: null,
  scenario: "capacity 2\ntree [10,20][30]\ntask insert 25\ntask insert 15\ntask delete 30\n",
  make: () => new AlwaysASecondAttempt(),
};
