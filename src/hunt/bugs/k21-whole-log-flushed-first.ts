import { Crabbing } from "../../btree/index.ts";
import type { EngineParts } from "../../engine/index.ts";
import { Cleaner, type Lsn } from "../../storage/index.ts";
import type { Task } from "../../task/index.ts";
import { Log } from "../../wal/index.ts";
import type { Bug } from "./bug.ts";

function partsOf(): Partial<EngineParts> {
  let log: Log | null = null;
  return {
    makeLog: (parts) => (log = new Log(parts)),
    makeCleaner: (options) => {
      // While recovery runs there is no log, and the options' flush does nothing.
      const flushTo = (position: Lsn): Task<void> => {
        const end = log?.endLsn ?? position;
        return options.flushTo(end > position ? end : position);
      };
      return new Cleaner({ ...options, flushTo });
    },
  };
}

export const K21: Bug = {
  id: "K21",
  kind: "decoy",
  protocol: "crabbing",
  title: "the cleaner makes the whole log durable before it writes a page",
  explanation:
    "The rule asks for the log up to the page's last change. More of it is durable sooner than " +
    "was promised, and a change that is durable without its acknowledgement is allowed.",
  provenance: "what an engine without positions on its pages has to do",
  preemptions: null,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask get 10 then clean\ncrashes 1\n",
  make: () => new Crabbing(),
  parts: partsOf,
};
