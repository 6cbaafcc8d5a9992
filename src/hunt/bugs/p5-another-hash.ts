import { Crabbing } from "../../btree/index.ts";
import { PartitionedEngine } from "../../engine/index.ts";
import type { Bug } from "./bug.ts";

class AnotherHash extends PartitionedEngine {
  override indexOf(key: Uint8Array): number {
    // The bug: not the hash by which the keys were placed.
    return key.reduce((sum, byte) => sum + byte, 0) % this.state.partitions.length;
  }
}

export const P5: Bug = {
  id: "P5",
  kind: "bug",
  protocol: "crabbing",
  title: "partitions are opened with another hash than they were made with",
  explanation:
    "A key is looked for in a partition where it is not, and put there a second time. Every tree " +
    "by itself is right, and scans even find both. The file `partitions` names the hash so that " +
    "a version that does not know it refuses the database.",
  provenance: "plausible: two versions of a program that do not agree on how a key is hashed",
  preemptions: 0,
  scenario: "capacity 4\ntree [10,20]\ntask get 20\ncrashes 0\npartitions 2\n",
  make: () => new Crabbing(),
  parts: () => ({ makePartitioned: (state) => new AnotherHash(state) }),
};
