import { Foster, type Operation } from "../../btree/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class AdoptsTwice extends Foster {
  protected override *adopt(op: Operation, key: Uint8Array, level: number): Task<void> {
    yield* super.adopt(op, key, level);
    yield* super.adopt(op, key, level);
  }
}

export const K71: Bug = {
  id: "K71",
  kind: "decoy",
  protocol: "foster",
  title: "a writer goes to adopt a second time",
  explanation:
    "Mostly there is nothing left to adopt by then, and it looks before it does. It costs " +
    "latches and nothing else.",
  provenance: 'the adoption that is only a "dummy" in the comment of Zero 09353f54',
  preemptions: null,
  scenario: "capacity 2\ntree [10,20]\ntask insert 15\ntask delete 5\ntask insert 30\n",
  make: () => new AdoptsTwice(),
};
