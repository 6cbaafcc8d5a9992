import type { Protocol } from "../../btree/index.ts";
import type { Schedule } from "../../sim/index.ts";
import { OperationSource, replayScenario } from "../program/index.ts";
import type { Scenario } from "../scenario/index.ts";
import type { ShrinkDraft } from "./draft.ts";

/** The owner of a decision: an operation, a crash, or the recovery after a crash. */
type Owner =
  | { readonly kind: "operation"; readonly index: number }
  | { readonly kind: "crash" | "recovery"; readonly crash: number };

interface OwnedDecision {
  readonly decision: number;
  readonly owner: Owner;
}

/** A schedule to be followed in outline, and where it draws what its crashes leave. */
export interface Guidance {
  readonly schedule: Schedule;
  /** Which of the schedule's values, from 0, is the first of each crash. */
  readonly crashValues: readonly number[];
}

/**
 * A failing run, with the owner of each decision, so that a smaller scenario can be run in the same
 * way, without what it has lost.
 */
export class Guide {
  readonly #scenario: Scenario;
  readonly #decisions: readonly OwnedDecision[];
  /** The operations that took a step, by index. */
  readonly begun: ReadonlySet<number>;

  /** Runs the scenario once more. Requires: the schedule is of that scenario. */
  constructor(scenario: Scenario, schedule: Schedule, own: readonly Protocol[]) {
    this.#scenario = scenario;
    const owners: Owner[] = [];
    replayScenario(
      scenario,
      schedule,
      (scheduler) => {
        scheduler.onStep = ({ id, source }) => {
          if (source instanceof OperationSource) {
            owners.push({ kind: "operation", index: source.currentRecord.index });
          } else owners.push(this.#ownerOf(id));
        };
      },
      own,
    );
    this.#decisions = attribute(schedule, owners);
    this.begun = new Set(owners.flatMap((one) => (one.kind === "operation" ? [one.index] : [])));
  }

  /** What is left of the run in a smaller scenario: same order, other task letters. */
  for(draft: ShrinkDraft): Guidance {
    const { tasks, after, crashes } = draft;
    const first = tasks.length + 2 * crashes.length;
    const taskOf = new Map<number, number>();
    for (const [task, items] of tasks.entries())
      for (const { from } of items) taskOf.set(from, task);
    for (const [i, items] of after.entries()) {
      for (const { from } of items) taskOf.set(from, first + i);
    }
    const idOf = (owner: Owner): number | undefined => {
      if (owner.kind === "operation") return taskOf.get(owner.index);
      const place = crashes.indexOf(owner.crash);
      if (place < 0) return undefined;
      return tasks.length + 2 * place + (owner.kind === "crash" ? 0 : 1);
    };
    return this.#assemble(idOf, (task) => task < tasks.length);
  }

  /**
   * Strings together what is left. What came after the last recovery and is to come before the
   * first crash is put there.
   */
  #assemble(
    idOf: (owner: Owner) => number | undefined,
    isBefore: (task: number) => boolean,
  ): Guidance {
    const before: number[] = [];
    const moved: number[] = [];
    const later: number[] = [];
    for (const { decision, owner } of this.#decisions) {
      const id = idOf(owner);
      if (id === undefined) continue;
      const kept = decision < 0 ? decision : id;
      if (owner.kind === "crash" || later.length > 0) {
        const isMoved = owner.kind === "operation" && isBefore(id) && this.#wasAfter(owner.index);
        (isMoved ? moved : later).push(kept);
      } else before.push(kept);
    }
    const schedule = [...before, ...moved, ...later];
    return { schedule, crashValues: crashValuesOf(schedule, this.#crashIds(idOf)) };
  }

  #crashIds(idOf: (owner: Owner) => number | undefined): Set<number> {
    const crashes = this.#scenario.durability?.crashes ?? 0;
    const ids = Array.from({ length: crashes }, (_, crash) => idOf({ kind: "crash", crash }));
    return new Set(ids.filter((id) => id !== undefined));
  }

  #wasAfter(operation: number): boolean {
    return operation >= this.#scenario.tasks.flat().length;
  }

  #ownerOf(task: number): Owner {
    const place = task - this.#scenario.tasks.length;
    return { kind: place % 2 === 0 ? "crash" : "recovery", crash: Math.floor(place / 2) };
  }
}

/** Finds the owner of each decision: a value belongs to the step before it. */
function attribute(schedule: Schedule, owners: readonly Owner[]): OwnedDecision[] {
  const decisions: OwnedDecision[] = [];
  let steps = 0;
  for (const decision of schedule) {
    if (decision >= 0) steps++;
    // Values before the first step are drawn by what begins there.
    const owner = owners[Math.max(steps - 1, 0)];
    if (owner !== undefined) decisions.push({ decision, owner });
  }
  return decisions;
}

function crashValuesOf(schedule: Schedule, crashes: ReadonlySet<number>): number[] {
  const found: number[] = [];
  let values = 0;
  for (const [i, decision] of schedule.entries()) {
    const before = schedule[i - 1] ?? -1;
    if (decision >= 0) continue;
    if (before >= 0 && crashes.has(before)) found.push(values);
    values++;
  }
  return found;
}
