import {
  ABANDON,
  type ChoicePoint,
  type Coverage,
  LooseReplayStrategy,
  parseStrategy,
  sampledCoverage,
  type Schedule,
  type Strategy,
} from "../../sim/index.ts";
import { createPrng } from "../../task/index.ts";

/** What is to be filmed of a scenario. */
export interface FilmScript {
  readonly schedule: Schedule;
  /**
   * How the schedule is followed. `exact`: as that of this very scenario, up to the first decision
   * that does not fit. `loose`: as that of another protocol, and on to the end of the run.
   */
  readonly rule: "exact" | "loose";
  /** Who decides once the schedule is used up; null: nobody, the film ends there. */
  readonly goOn: GoOn | null;
}

/** A strategy that goes on where a schedule ends. */
export interface GoOn {
  /** As {@link GO_ON_STRATEGIES} has it. */
  readonly strategy: GoOnStrategy;
  readonly seed: string;
}

/** `on`: the current task goes on as long as it can, then the first that can. */
export const GO_ON_STRATEGIES = ["on", "round-robin", "random"] as const;
export type GoOnStrategy = (typeof GO_ON_STRATEGIES)[number];

/** Decides by a script, and says what there was to decide. */
export class Director implements Strategy {
  readonly name = "film";
  readonly #schedule: Schedule;
  readonly #loose: LooseReplayStrategy | null;
  readonly #goOn: Strategy | null;
  /** The task entries of the schedule, which the steps of the run have to be. */
  readonly #steps: readonly number[];
  #taken = 0;
  #offered: readonly number[] | null = null;
  #drift: number | null = null;

  /** @param made All decisions of the run so far. */
  constructor({ schedule, rule, goOn }: FilmScript, made: () => Schedule) {
    this.#schedule = schedule;
    this.#steps = schedule.filter((decision) => decision >= 0);
    this.#loose = rule === "loose" ? new LooseReplayStrategy(schedule, made) : null;
    this.#goOn = goOn === null ? null : strategyOf(goOn);
  }

  beginRun(): boolean {
    this.#goOn?.beginRun();
    return this.#loose?.beginRun() ?? true;
  }

  choose(point: ChoicePoint): number | typeof ABANDON {
    if (point.kind === "value") return this.#valueOf(point);
    this.#offered = tasksOf(point);
    if (this.#loose !== null) return this.#loose.choose(point);
    const wanted = this.#steps[this.#taken];
    if (wanted === undefined) return this.#goOn?.choose(point) ?? ABANDON;
    const index = this.#offered.indexOf(wanted);
    if (index >= 0) return index;
    this.#drift ??= this.#taken + 1;
    return ABANDON;
  }

  /** A task is about to take a step; false if that is none of the film any more. */
  follows(task: number): boolean {
    if (this.#loose === null) {
      const wanted = this.#steps[this.#taken];
      if (wanted === undefined && this.#goOn === null) return false;
      if (wanted !== undefined && wanted !== task) {
        this.#drift ??= this.#taken + 1;
        return false;
      }
    }
    this.#taken++;
    return true;
  }

  /** The tasks of the last choice, once; null if there was no choice since it was last asked. */
  takeOffered(): readonly number[] | null {
    const offered = this.#offered;
    this.#offered = null;
    return offered;
  }

  endRun(): void {
    this.#loose?.endRun();
  }

  /** The first step, from 1, that is not as the schedule had it; null if all are. */
  get drift(): number | null {
    if (this.#loose !== null) return this.#loose.drift === null ? null : this.#loose.drift + 1;
    return this.#drift ?? (this.#taken < this.#steps.length ? this.#taken + 1 : null);
  }

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }

  /** What the script says, or else the first value: a draw is no place to stop at. */
  #valueOf(point: ChoicePoint): number {
    if (this.#loose !== null) return this.#loose.choose(point);
    const wanted = this.#schedule[point.decisionIndex];
    if (wanted !== undefined && wanted < 0 && ~wanted < point.count) return ~wanted;
    const isGoingOn = wanted === undefined && this.#taken > this.#steps.length;
    const chosen = isGoingOn ? this.#goOn?.choose(point) : 0;
    return typeof chosen === "number" ? chosen : 0;
  }
}

function tasksOf(point: ChoicePoint): number[] {
  return Array.from({ length: point.count }, (_, index) => point.taskAt(index));
}

function strategyOf({ strategy, seed }: GoOn): Strategy {
  if (strategy === "on") return new LooseReplayStrategy([], () => []);
  return parseStrategy(strategy, createPrng(seed));
}
