import { programOf, type Scenario, type ScenarioProgram, TraceRecorder } from "../../hunt/index.ts";
import type { Protocol } from "../../btree/index.ts";
import {
  type Failure,
  hiddenFailure,
  type Schedule,
  Scheduler,
  type SimTask,
} from "../../sim/index.ts";
import type { Step } from "../../task/index.ts";
import { Director, type FilmScript } from "./director.ts";
import { drawsOf } from "./draws.ts";
import type { Deed, Film, Stop } from "./film.ts";
import { failureOf } from "./film-failure.ts";
import { filmTasks } from "./film-tasks.ts";
import { intentsOf } from "./intents.ts";
import { askedInVain, stepWords } from "./step-words.ts";

/**
 * Runs a scenario as a script says, and films every step. O(steps × pages).
 *
 * @param own Protocols of one's own that the scenario may name.
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function film(scenario: Scenario, script: FilmScript, own: readonly Protocol[] = []): Film {
  return new FilmMaker(scenario, script, own).make();
}

/** A stop that lacks what only the whole schedule says. */
type RoughStop = Omit<Stop, "decisions" | "draws">;

class FilmMaker {
  readonly #scheduler = new Scheduler();
  readonly #program: ScenarioProgram;
  readonly #recorder: TraceRecorder;
  readonly #director: Director;
  readonly #stops: RoughStop[] = [];
  /** The step that leads to the next stop, and how many lines there were before it. */
  #deed: Deed | null = null;
  #linesBefore = 0;
  /** What is said of the step if it does not get what it asks for. */
  #inVain = "";
  /** The decisions of the film, once it has come to its end and the run has not. */
  #cut: Schedule | null = null;

  constructor(scenario: Scenario, script: FilmScript, own: readonly Protocol[]) {
    this.#program = programOf(this.#scheduler, scenario, own);
    this.#recorder = new TraceRecorder(this.#scheduler, this.#program);
    this.#director = new Director(script, () => this.#scheduler.schedule);
    const record = this.#scheduler.onStep;
    this.#scheduler.onStep = (task, step): void => {
      if (!this.#director.follows(task.id)) {
        // Its decision is in the schedule already, and it was the only one that could be made.
        this.#cutHere(this.#scheduler.schedule.slice(0, -1), [task.id]);
        return;
      }
      record?.(task, step);
      this.#endStop(this.#director.takeOffered() ?? [task.id]);
      this.#deed = this.#deedOf(task, step);
    };
  }

  make(): Film {
    const scheduler = this.#scheduler;
    this.#director.beginRun();
    scheduler.begin(this.#program, this.#director);
    while (this.#cut === null) {
      const task = scheduler.pickAndTake();
      if (task === null || this.#cut !== null) break;
      scheduler.resume(task);
    }
    if (scheduler.abandoned && this.#cut === null) {
      this.#cutHere(scheduler.schedule, this.#director.takeOffered() ?? []);
    }
    return this.#cut === null ? this.#over() : this.#filmOf(this.#cut, null);
  }

  /** Ends the film where the run goes on: what comes next is only looked at. */
  #cutHere(schedule: Schedule, choices: readonly number[]): void {
    this.#cut = schedule;
    this.#recorder.end();
    this.#endStop(choices);
  }

  /** Ends the film with the run. */
  #over(): Film {
    const scheduler = this.#scheduler;
    scheduler.end();
    this.#director.endRun();
    this.#recorder.end();
    this.#endStop([]);
    return this.#filmOf(scheduler.schedule, scheduler.failure ?? hiddenFailure(scheduler));
  }

  #filmOf(schedule: Schedule, failure: Failure | null): Film {
    return {
      schedule,
      tasks: filmTasks(this.#scheduler, this.#program),
      stops: withDecisions(this.#stops, schedule),
      failure: failure === null ? null : failureOf(failure),
      isOver: this.#cut === null,
      drift: this.#director.drift,
      preemptions: this.#scheduler.preemptions,
    };
  }

  /** Ends a stop before the next step is taken, with the lines that were written since the last. */
  #endStop(choices: readonly number[]): void {
    const lines = this.#recorder.lines.slice(this.#linesBefore);
    const hasToWait = lines[0]?.["outcome"] === "queued";
    const deed = this.#deed;
    this.#stops.push({
      deed: deed !== null && hasToWait ? { ...deed, text: this.#inVain } : deed,
      lines,
      next: intentsOf(this.#scheduler, this.#program),
      choices,
    });
    this.#linesBefore += lines.length;
  }

  #deedOf(task: SimTask, step: Step | null): Deed {
    const objectId = step?.objectId ?? task.releases[0]?.objectId ?? -1;
    const fact = step?.fact() ?? { kind: "release" };
    const name = this.#program.describeObject(objectId);
    this.#inVain = askedInVain(fact, name);
    return { task: task.id, text: stepWords(fact, name).deed, kind: fact.kind, objectId };
  }
}

/** Says of each stop where in the schedule it is, and what was drawn on the way to it. */
function withDecisions(stops: readonly RoughStop[], schedule: Schedule): Stop[] {
  let at = 0;
  return stops.map((stop, steps) => {
    if (steps > 0) at++;
    const from = at;
    while ((schedule[at] ?? 0) < 0) at++;
    return { ...stop, decisions: at, draws: drawsOf(stop.lines, from) };
  });
}
