import { Crabbing } from "../../btree/index.ts";
import { Engine, Gate } from "../../engine/index.ts";
import type { Host, Step, TaskId } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

class WakesBeforeItOpens extends Gate {
  readonly #host: Host;
  readonly #steps: Set<Step> = new Set();

  constructor(host: Host, isEager: boolean, name: string) {
    super(host, isEager, name);
    this.#host = host;
  }

  override enter(task: TaskId, isExclusive: boolean): Step | null {
    const step = super.enter(task, isExclusive);
    if (step !== null) this.#steps.add(step);
    return step;
  }

  override leave(task: TaskId): void {
    for (const step of this.#steps) this.#host.wake(step);
    super.leave(task);
  }

  protected override wake(): void {}
}

class WithSuchGates extends Engine {
  protected override makeGate(name: string): Gate {
    const { host, latches } = this.state;
    return new WakesBeforeItOpens(host, latches.eager, name);
  }
}

export const K31: Bug = {
  id: "K31",
  kind: "decoy",
  protocol: "crabbing",
  title: "whoever leaves a gate wakes all who wait there, and only then lets one in",
  explanation:
    "The wakeup comes before what it announces, as in a lost wakeup. But both happen in one " +
    "segment: no task that is woken gets a turn in between, so each finds the gate as it is " +
    "after.",
  provenance: "any program that notifies while it still holds the mutex",
  preemptions: null,
  scenario: "capacity 2\ntree [10]\ntask put 10\ntask batch put 10 and put 20\ncrashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makeEngine: (state) => new WithSuchGates(state) }),
};
