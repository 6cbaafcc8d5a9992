import { Crabbing } from "../../btree/index.ts";
import { Engine } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class ReadThenLost extends Engine {
  // The bug: a read was promised what no crash takes back, and does not wait for it.
  protected override *endRead(): Task<void> {}
}

export const W10: Bug = {
  id: "W10",
  kind: "bug",
  protocol: "crabbing",
  title: "a read that was promised durable values does not wait for the log",
  explanation:
    "A writer releases its leaf as soon as its change is in the log's memory, and waits for " +
    "the disk afterwards. A reader sees the new value and answers with it. The crash then takes " +
    "the change, which nobody acknowledged to its writer, but which the reader has given " +
    "to the world.",
  provenance: "DuckDB #23631",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask get 10\ncrashes 1\nreads durable\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new ReadThenLost(state) }),
};
