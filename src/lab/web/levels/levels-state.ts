import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { formatScenario } from "../../../hunt/index.ts";
import { parseSchedule } from "../../../sim/index.ts";
import {
  judge,
  type Level,
  levelNamed,
  LEVELS,
  type Outcome,
  predictedReel,
  type Reel,
  scenarioOf,
  type SearchResult,
  type Subject,
} from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { type Doing, workers } from "../worker/index.ts";
import { Progress } from "./progress.ts";

/** Most interleavings of a level's proof; all of them have fewer. */
const PROOF_RUNS_MAX = 200_000;

/** A run, and the last stop of it that was seen. */
interface Seen {
  readonly reel: Reel | null;
  readonly to: number;
}

/** What was tried in a level that is not a run. */
interface Tried {
  /** The level, by its id. */
  readonly level: string | null;
  readonly answer: string | null;
  readonly proof: { readonly subject: string; readonly result: SearchResult } | null;
}

const NOTHING_TRIED: Tried = { level: null, answer: null, proof: null };

/** The level that is played, how far it is, and which are solved. */
export class LevelsState {
  readonly progress = new Progress();
  readonly #lab: LabState;
  /** How far the run that is shown was seen. */
  readonly #seen = signal<Seen>({ reel: null, to: 0 });
  readonly #tried = signal<Tried>(NOTHING_TRIED);
  /** The level that was entered last, by its id. */
  #entered: string | null = null;
  #doing: Doing<SearchResult> | null = null;

  readonly level: ReadonlySignal<Level | null>;
  readonly outcome: ReadonlySignal<Outcome | null>;
  /** What is chosen and not yet tried: an answer, or what is to be proved. */
  readonly chosen: Signal<string | null> = signal(null);
  /** How many hints are shown. */
  readonly hints: Signal<number> = signal(0);
  /** Interleavings run so far, while something is being proved; else null. */
  readonly proving: Signal<number | null> = signal(null);
  readonly fault: Signal<string | null> = signal(null);
  readonly proof: ReadonlySignal<SearchResult | null> = computed(
    () => this.#triedHere.proof?.result ?? null,
  );

  constructor(lab: LabState) {
    this.#lab = lab;
    this.level = computed(() => (lab.level.value === null ? null : levelNamed(lab.level.value)));
    this.outcome = computed(() => this.#judged());
    effect(() => this.#enter(lab.level.value));
    effect(() => this.#look());
    effect(() => {
      const isAsked = this.level.value?.goal.kind === "predict";
      lab.asks.value = isAsked && this.#triedHere.answer === null;
    });
    effect(() => {
      const [level, outcome] = [this.level.value, this.outcome.value];
      lab.isGoalReached.value = level?.goal.kind === "fails" && outcome?.state === "solved";
      if (level !== null && outcome?.state === "solved") this.progress.add(level.id, outcome.cost);
    });
  }

  /** Begins a level, or begins it again. */
  begin(level: Level): void {
    // Until it is loaded, what is shown is of another level.
    batch(() => {
      this.#forget();
      this.#lab.level.value = level.id;
      this.#lab.beside.value = null;
      this.#load(level);
    });
  }

  #load(level: Level): void {
    const scenario = scenarioOf(level);
    const { goal } = level;
    if (goal.kind === "predict") {
      const { film } = predictedReel(level, goal);
      const cut = film.schedule.slice(0, film.stops[goal.askedAt]?.decisions ?? 0);
      this.#lab.load({ scenario, schedule: cut, cursor: goal.askedAt });
    } else {
      const failing = goal.kind === "fails" ? parseSchedule(goal.solution) : null;
      this.#lab.load({ scenario, schedule: [], cursor: 0 }, failing);
    }
  }

  /** The level after this one; null after the last. */
  get next(): Level | null {
    const at = LEVELS.findIndex(({ id }) => id === this.#lab.level.value);
    return at < 0 ? null : (LEVELS[at + 1] ?? null);
  }

  /** Goes back to the list. */
  leave(): void {
    this.#lab.pause();
    this.#lab.level.value = null;
  }

  /** Takes the chosen answer, and plays what really comes. */
  answer(): void {
    const level = this.level.value;
    if (level?.goal.kind !== "predict" || this.chosen.value === null) return;
    this.#tried.value = { level: level.id, answer: this.chosen.value, proof: null };
    const { schedule } = predictedReel(level, level.goal).film;
    this.#lab.load({ scenario: scenarioOf(level), schedule, cursor: level.goal.askedAt });
    this.#lab.play();
  }

  /** Proves, or refutes, what is chosen. */
  async prove(): Promise<void> {
    const level = this.level.value;
    if (level?.goal.kind !== "holds") return;
    const subject = level.goal.subjects.find(({ label }) => label === this.chosen.value);
    if (subject === undefined) return;
    this.stop();
    this.fault.value = null;
    this.proving.value = 0;
    this.#doing = workers.do(
      {
        kind: "prove",
        scenario: scenarioOf(level, subject),
        seed: "level",
        runsMax: PROOF_RUNS_MAX,
        preemptionsMax: level.goal.preemptionsMax,
      },
      ({ runs }) => {
        this.proving.value = runs;
      },
    );
    await this.#proved(level, subject, this.#doing);
  }

  /** Stops what is being proved. */
  stop(): void {
    this.#doing?.stop();
    this.#doing = null;
    this.proving.value = null;
  }

  async #proved({ id }: Level, subject: Subject, doing: Doing<SearchResult>): Promise<void> {
    try {
      const result = await doing.answer;
      if (this.#doing !== doing) return;
      const proof = { subject: subject.label, result };
      this.#tried.value = { level: id, answer: null, proof };
    } catch (error) {
      if (this.#doing !== doing) return;
      this.fault.value = error instanceof Error ? error.message : String(error);
    }
    this.#doing = null;
    this.proving.value = null;
  }

  /** What was tried in this very level: another one may have been entered by a link. */
  get #triedHere(): Tried {
    const tried = this.#tried.value;
    return tried.level === this.#lab.level.value ? tried : NOTHING_TRIED;
  }

  /** A level is entered, however that came about: nothing of the one before stays. */
  #enter(id: string | null): void {
    if (id === this.#entered) return;
    this.#entered = id;
    this.#forget();
    if (id === null || levelNamed(id) !== null) return;
    this.#lab.level.value = null;
    this.#lab.refuse(`There is no level ${JSON.stringify(id)}.`);
  }

  #forget(): void {
    this.stop();
    this.#tried.value = NOTHING_TRIED;
    this.chosen.value = null;
    this.hints.value = 0;
    this.fault.value = null;
  }

  /** Notes how far the run was seen. */
  #look(): void {
    const reel = this.#lab.reel.value;
    const cursor = this.#lab.cursor.value;
    const before = this.#seen.peek();
    this.#seen.value = { reel, to: before.reel === reel ? Math.max(before.to, cursor) : cursor };
  }

  #judged(): Outcome | null {
    const level = this.level.value;
    if (level === null) return null;
    if (level.goal.kind === "holds") {
      const { proof } = this.#triedHere;
      return proof === null ? null : judge(level, { kind: "proof", ...proof });
    }
    if (level.goal.kind === "predict") {
      const choice = this.#triedHere.answer;
      return choice === null ? null : judge(level, { kind: "answer", choice });
    }
    const reel = this.#lab.reel.value;
    const { reel: seen, to } = this.#seen.value;
    const seenTo = seen === reel ? to : this.#lab.cursor.value;
    const scenario = formatScenario(this.#lab.scenario.value);
    return judge(level, { kind: "run", scenario, reel, seenTo, isGiven: this.#lab.isGiven });
  }
}
