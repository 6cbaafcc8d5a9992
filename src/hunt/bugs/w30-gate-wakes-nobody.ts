import { Crabbing } from "../../btree/index.ts";
import { Engine, Gate } from "../../engine/index.ts";
import type { Bug } from "./bug.ts";

class SilentGate extends Gate {
  // The bug: whoever is next is inside, and sleeps on.
  protected override wake(): void {}
}

class WithSilentGates extends Engine {
  protected override makeGate(name: string): Gate {
    const { host, latches } = this.state;
    return new SilentGate(host, latches.eager, name);
  }
}

export const W30: Bug = {
  id: "W30",
  kind: "bug",
  protocol: "crabbing",
  title: "a task that is admitted at a gate is not woken",
  explanation:
    "A batch waits at the write gate until the last writer is out. The writer counts it as " +
    "inside and goes on, but wakes nobody. The batch sleeps on, and it is in exclusively, so " +
    "every other writer waits for it from then on.",
  provenance: "plausible: the queue and the wakeup are two lines, and one of them was moved",
  preemptions: 1,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask batch put 10 and put 20\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new WithSilentGates(state) }),
};
