import { Crabbing } from "../../btree/index.ts";
import { Engine } from "../../engine/index.ts";
import type { Task } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class WaitsForTheWholeLog extends Engine {
  override *acknowledge(): Task<void> {
    const { log } = this.state;
    yield* log.waitDurable(log.endLsn);
  }
}

export const K24: Bug = {
  id: "K24",
  kind: "decoy",
  protocol: "crabbing",
  title: "a write waits for everything logged so far, not for its own change",
  explanation:
    "It looks at the end of the log, as W27 does, but before the flush: it waits for more than " +
    "it has to, and its acknowledgement, which comes later, is true by then.",
  provenance: "an engine that keeps no position for each transaction",
  preemptions: null,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask insert 10\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new WaitsForTheWholeLog(state) }),
};
