import { Crabbing, type Operation } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class InsertLooksThenLeaps extends Crabbing {
  override *insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (yield* this.get(op, key)) return false;
    yield* this.put(op, key, value); // The bug: what `get` said was true a moment ago.
    return true;
  }
}

export const D4: Bug = {
  id: "D4",
  kind: "bug",
  protocol: "crabbing",
  title: "insert-if-absent looks in one descent and adds in another",
  explanation:
    "Two inserts of one key both find it absent, both add it, and both say that they did. " +
    "Uniqueness is lost, and with it the value of the first.",
  provenance:
    "dgraph badger #141, on SetIfAbsent; every engine that builds insert from get and put",
  preemptions: 1,
  scenario: "capacity 4\ntree [10,20]\ntask insert 15\ntask insert 15\n",
  make: () => new InsertLooksThenLeaps(),
};
