import { OptimisticCrabbing, type Operation, type PutRule } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class SecondAttemptTrustsTheFirst extends OptimisticCrabbing {
  protected override *upsertFromRoot(
    op: Operation,
    key: Uint8Array,
    value: Uint8Array,
    rule: PutRule,
  ): Task<boolean> {
    if (rule === "overwrite") return yield* super.upsertFromRoot(op, key, value, rule);
    // The bug: the first attempt found the key absent, so the second does not look.
    yield* super.upsertFromRoot(op, key, value, "overwrite");
    return true;
  }
}

export const D5: Bug = {
  id: "D5",
  kind: "bug",
  protocol: "optimistic-crabbing",
  title: "the second attempt of an insert takes the key for absent",
  explanation:
    "The first attempt finds that the key is absent and that the leaf must split, and releases " +
    "it. Another insert adds the key; the second attempt adds it again. It shows only where a " +
    "leaf is full, so tests of uniqueness on roomy pages pass.",
  provenance:
    "orioledb #1017: two waiters with one key were each checked against the page, on the path " +
    "that splits, and not against each other",
  preemptions: 1,
  scenario: "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask insert 15\n",
  make: () => new SecondAttemptTrustsTheFirst(),
};
