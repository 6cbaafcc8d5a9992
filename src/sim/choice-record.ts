import type { Fact } from "../task/index.ts";
import { type BugAccess, accessOfPending, type RoleNames } from "./bug-identity.ts";
import type { Schedule } from "./schedule.ts";
import { ReplayStrategy } from "./strategies/exact-replay.ts";
import { type ChoicePoint, type Coverage, type Strategy } from "./strategy.ts";

/** One option of a choice between tasks: who, and what it would do. */
export interface SeenOption {
  readonly task: number;
  readonly access: BugAccess;
  /** What its step does; null for a task that has not begun. */
  readonly fact: Fact | null;
  /** What the step's object was called then; empty for none. */
  readonly object: string;
}

/** One choice of a run: what there was to choose from, and what was chosen. */
export interface SeenChoice {
  readonly kind: "task" | "value";
  /** Its place in the schedule. */
  readonly decisionIndex: number;
  /** Steps taken before. */
  readonly stepIndex: number;
  readonly taken: number;
  readonly count: number;
  /** The option that was a crash, or -1. */
  readonly crashIndex: number;
  /** Of a choice between tasks, the options. */
  readonly options: readonly SeenOption[];
}

/** Makes a run again along its schedule, and notes every choice on the way. */
export class RecordingReplay implements Strategy {
  readonly name = "replay";
  readonly choices: SeenChoice[] = [];
  readonly #replay: ReplayStrategy;
  readonly #nameOf: (objectId: number) => string;
  readonly #names: RoleNames;

  constructor(schedule: Schedule, nameOf: (objectId: number) => string, names: RoleNames) {
    this.#replay = new ReplayStrategy(schedule);
    this.#nameOf = nameOf;
    this.#names = names;
  }

  beginRun(): boolean {
    this.choices.length = 0;
    return this.#replay.beginRun();
  }

  choose(point: ChoicePoint): number {
    const taken = this.#replay.choose(point);
    const { kind, decisionIndex, stepIndex, count, crashIndex } = point;
    const options: SeenOption[] = [];
    if (kind === "task") for (let i = 0; i < count; i++) options.push(this.#optionAt(point, i));
    this.choices.push({ kind, decisionIndex, stepIndex, taken, count, crashIndex, options });
    return taken;
  }

  endRun(): void {}

  coverage(): Coverage {
    return this.#replay.coverage();
  }

  #optionAt(point: ChoicePoint, index: number): SeenOption {
    const step = point.pendingAt(index);
    const id = step?.objectId ?? -1;
    return {
      task: point.taskAt(index),
      access: accessOfPending(step, this.#nameOf, this.#names),
      fact: step?.fact() ?? null,
      object: id < 0 ? "" : this.#nameOf(id),
    };
  }
}
