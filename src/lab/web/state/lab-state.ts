import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { formatScenario, type Scenario } from "../../../hunt/index.ts";
import type { Schedule } from "../../../sim/index.ts";
import { LatchworkError } from "../../../task/index.ts";
import { type Film, type FilmScript, type GoOnStrategy, type Picture, Reel } from "../../index.ts";
import { compare, type Comparison, type FilmSource } from "../compare/comparison.ts";
import { GivenRuns } from "./given-runs.ts";
import { nextHappening } from "./happenings.ts";
import { type HistoryMove, MomentHistory } from "./history.ts";
import type { Moment } from "./moment.ts";

/** A hint, and the stop that it is for. */
export interface ShownHint {
  readonly reel: Reel;
  readonly cursor: number;
  readonly text: string;
}

/** Pictures made at a time before anybody has asked for them. */
const AHEAD_STOPS = 100;

/** Speeds of playing, in steps a second. */
export const SPEEDS: readonly number[] = [0.5, 1, 2, 5, 20];

/**
 * What the visitor looks at, and everything that can be done to it.
 *
 * A schedule, often to the end of the run, and a cursor in it. A step at the cursor that the
 * schedule has there moves the cursor; another one cuts the schedule there and goes its own way.
 */
export class LabState {
  readonly #filmSource: FilmSource;
  readonly #history = new MomentHistory();
  readonly #given = new GivenRuns();
  readonly #failing = signal<Pick<Moment, "scenario" | "schedule"> | null>(null);
  readonly #scenario: Signal<Scenario>;
  readonly #reel: Signal<Reel>;
  readonly #cursor = signal(0);
  readonly #fault = signal<string | null>(null);
  readonly #isFilming = signal(false);
  readonly #isPlaying = signal(false);
  readonly #comparison = signal<Comparison | null>(null);
  #comparisonsAsked = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts films, so that one that comes too late is not shown. */
  #filmsAsked = 0;
  /** What was asked for while a film was made, and waits for it. */
  #queue: (() => void)[] = [];
  #seeds = 0;

  readonly scenario: ReadonlySignal<Scenario>;
  readonly reel: ReadonlySignal<Reel>;
  readonly cursor: ReadonlySignal<number> = this.#cursor;
  /** Why the last thing asked for was not done, in one line; null if it was. */
  readonly fault: ReadonlySignal<string | null> = this.#fault;
  readonly isFilming: ReadonlySignal<boolean> = this.#isFilming;
  readonly isPlaying: ReadonlySignal<boolean> = this.#isPlaying;
  readonly canUndo: ReadonlySignal<boolean> = this.#history.canUndo;
  readonly canRedo: ReadonlySignal<boolean> = this.#history.canRedo;
  readonly picture: ReadonlySignal<Picture>;
  /** The picture one stop before, or null at the first. */
  readonly pictureBefore: ReadonlySignal<Picture | null>;
  /** Whether the cursor is at the last stop, where the next decision makes the run longer. */
  readonly isAtEnd: ReadonlySignal<boolean>;
  /** Who goes on when the visitor lets the run go on. */
  readonly strategy: Signal<GoOnStrategy> = signal<GoOnStrategy>("random");
  /** An index of {@link SPEEDS}. */
  readonly speed: Signal<number> = signal(1);
  /** The level that is played, by its id; null for none. */
  readonly level: Signal<string | null> = signal(null);
  /** Whether the visitor is asked what comes next; until then nothing gives it away. */
  readonly asks: Signal<boolean> = signal(false);
  /** Whether the run that is shown is what its level asked for. */
  readonly isGoalReached: Signal<boolean> = signal(false);
  /** A protocol of the reader's own, as JavaScript; null for none. */
  readonly ownCode: Signal<string | null> = signal(null);
  /** The shortest failing schedule that is known of the scenario that is shown; null for none. */
  readonly failing: ReadonlySignal<Schedule | null>;
  readonly hint: Signal<ShownHint | null> = signal(null);
  /** The protocol that is shown beside this one; null for none. */
  readonly beside: Signal<string | null> = signal(null);
  readonly comparison: ReadonlySignal<Comparison | null>;

  /** Requires: the film source makes the film of `first` at once. */
  constructor(first: Moment, filmSource: FilmSource) {
    this.#filmSource = filmSource;
    const film = filmSource(first.scenario, exactly(first.schedule));
    if (film instanceof Promise) throw new TypeError("the first film is made at once");
    this.#scenario = signal(first.scenario);
    this.#reel = signal(new Reel(film, first.scenario));
    this.#cursor.value = clamped(first.cursor, this.#reel.value);
    this.scenario = this.#scenario;
    this.reel = this.#reel;
    this.picture = computed(() => this.reel.value.at(this.cursor.value));
    this.pictureBefore = computed(() => {
      const { value } = this.cursor;
      return value === 0 ? null : this.reel.value.at(value - 1);
    });
    this.comparison = this.#comparison;
    effect(() => this.#compare());
    this.failing = computed(() => {
      const known = this.#failing.value;
      const shown = formatScenario(this.scenario.value);
      return known !== null && formatScenario(known.scenario) === shown ? known.schedule : null;
    });
    // Other code fails in other ways.
    effect(() => {
      if (this.ownCode.value !== null) this.#failing.value = null;
    });
    this.isAtEnd = computed(() => this.cursor.value === this.reel.value.length - 1);
  }

  get moment(): Moment {
    const { schedule } = this.#reel.value.film;
    return { scenario: this.#scenario.value, schedule, cursor: this.#cursor.value };
  }

  /** Whether the visitor was given the run that is shown, rather than deciding it. */
  get isGiven(): boolean {
    return this.#given.has(this.#reel.value.film.schedule);
  }

  /** Says in one line why something that was asked for is not done. */
  refuse(message: string): void {
    this.#fault.value = message;
  }

  /**
   * Shows something else; can be undone.
   *
   * @param failing The shortest failing schedule of its scenario that is known.
   */
  load(moment: Moment, failing: Schedule | null = null): void {
    this.pause();
    const { scenario, schedule } = moment;
    if (failing !== null) this.#failing.value = { scenario, schedule: failing };
    this.#given.give(schedule);
    this.#change(scenario, exactly(schedule), moment.cursor);
  }

  /** The task takes its step. Does nothing if it may not go next. */
  step(task: number): void {
    if (this.#waits(() => this.step(task))) return;
    const stop = this.#stop;
    if (stop === undefined || !stop.choices.includes(task)) return;
    const { schedule } = this.#reel.value.film;
    if (schedule[stop.decisions] === task && !this.isAtEnd.value) {
      this.seek(this.#cursor.value + 1);
      return;
    }
    const cut = [...schedule.slice(0, stop.decisions), task];
    this.#given.decide(cut);
    this.#change(this.#scenario.value, exactly(cut), this.#cursor.value + 1);
  }

  /** Decides otherwise a value that was drawn on the way to this stop. */
  draw(at: number, value: number): void {
    const { schedule } = this.#reel.value.film;
    const changed = [...schedule.slice(0, at), ~value];
    this.#given.decide(changed);
    this.#change(this.#scenario.value, exactly(changed), this.#cursor.value);
  }

  /**
   * Lets the strategy decide the rest of the run, from the cursor on. The cursor stays.
   *
   * @param then Is done once the run is there.
   */
  goOn(strategy: GoOnStrategy = this.strategy.value, then: () => void = () => {}): void {
    const stop = this.#stop;
    if (stop === undefined) return;
    const schedule = this.#reel.value.film.schedule.slice(0, stop.decisions);
    const goOn = { strategy, seed: `${this.#seeds++}` };
    const script: FilmScript = { schedule, rule: "exact", goOn };
    this.#change(this.#scenario.value, script, this.#cursor.value, then);
  }

  /** The next stop: of the run as it is decided, or by the only step that there can be. */
  next(): void {
    if (this.#waits(() => this.next())) return;
    if (!this.isAtEnd.value) this.seek(this.#cursor.value + 1);
    else {
      const [only, ...more] = this.#stop?.choices ?? [];
      if (only !== undefined && more.length === 0) this.step(only);
    }
  }

  back(): void {
    this.seek(this.#cursor.value - 1);
  }

  /** Shows a stop of the run. */
  seek(stop: number): void {
    this.#cursor.value = clamped(stop, this.#reel.value);
  }

  /** Goes on to the next stop at which something happens; by the strategy if nothing is decided. */
  untilSomethingHappens(): void {
    if (this.#waits(() => this.untilSomethingHappens())) return;
    this.#decideRest(() => this.seek(nextHappening(this.#reel.value, this.#cursor.value)));
  }

  /** Goes back to before the first step, with nothing decided. */
  restart(): void {
    this.#change(this.#scenario.value, exactly([]), 0);
  }

  /** What is shown now is the first moment: there is nothing to undo. */
  beginHere(): void {
    this.#history.clear();
  }

  undo(): void {
    if (!this.#waits(() => this.undo())) this.#return(this.#history.undo(this.moment));
  }

  redo(): void {
    if (!this.#waits(() => this.redo())) this.#return(this.#history.redo(this.moment));
  }

  play(): void {
    this.#isPlaying.value = true;
    this.#decideRest(() => {});
    this.#tick();
  }

  pause(): void {
    this.#isPlaying.value = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  get #stop(): Film["stops"][number] | undefined {
    return this.#reel.value.film.stops[this.#cursor.value];
  }

  /** At the end of what is decided, has the strategy decide the rest; and goes on from there. */
  #decideRest(then: () => void): void {
    if (this.isAtEnd.value && !this.#reel.value.film.isOver) this.goOn(undefined, then);
    else then();
  }

  /** While a film is made, keeps what is asked for until it is there; true if it was kept. */
  #waits(asked: () => void): boolean {
    if (this.#isFilming.value) this.#queue.push(asked);
    return this.#isFilming.value;
  }

  #return(move: HistoryMove | null): void {
    if (move === null) return;
    const { to, done } = move;
    this.#film(to.scenario, exactly(to.schedule), to.cursor, done);
  }

  #tick(): void {
    const stepsPerSecond = SPEEDS[this.speed.value] ?? 1;
    this.#timer = setTimeout(() => {
      if (!this.#isPlaying.value) return;
      if (this.isAtEnd.value && !this.#isFilming.value) this.pause();
      else {
        this.seek(this.#cursor.value + 1);
        this.#tick();
      }
    }, 1000 / stepsPerSecond);
  }

  #change(scenario: Scenario, script: FilmScript, cursor: number, then?: () => void): void {
    const before = this.moment;
    this.#film(scenario, script, cursor, () => {
      this.#history.left(before);
      then?.();
    });
  }

  #film(scenario: Scenario, script: FilmScript, cursor: number, shown: () => void): void {
    const number = ++this.#filmsAsked;
    this.#queue = [];
    const show = (film: Film): void => {
      if (number !== this.#filmsAsked) return;
      const reel = new Reel(film, scenario);
      const queue = this.#queue;
      this.#given.filmed(script, film);
      batch(() => {
        this.#isFilming.value = false;
        this.#fault.value = film.drift === null ? null : driftText(film.drift);
        this.#scenario.value = scenario;
        this.#reel.value = reel;
        this.#cursor.value = clamped(cursor, reel);
        shown();
      });
      this.#lookAhead(reel, 0);
      // The first of them may have another film made, for which the others wait.
      this.#queue = [];
      for (const asked of queue) asked();
    };
    try {
      const film = this.#filmSource(scenario, script);
      if (!(film instanceof Promise)) show(film);
      else {
        this.#isFilming.value = true;
        film.then(show).catch((error: unknown) => this.#failed(number, error));
      }
    } catch (error) {
      this.#failed(number, error);
    }
  }

  /** Sets what is shown beside another protocol, where one is chosen. */
  #compare(): void {
    const number = ++this.#comparisonsAsked;
    const show = (made: Comparison | null): void => {
      if (number === this.#comparisonsAsked) this.#comparison.value = made;
    };
    const { value: protocol } = this.beside;
    const { schedule } = this.#reel.value.film;
    if (protocol === null) {
      show(null);
      return;
    }
    // What the other protocol cannot run at all is compared with nothing.
    const refuse = (error: unknown): void => {
      show(null);
      if (!(error instanceof LatchworkError)) this.refuse(lineOf(error));
    };
    try {
      const made = compare(this.#scenario.value, schedule, protocol, this.#filmSource);
      if (made instanceof Promise) made.then(show, refuse);
      else show(made);
    } catch (error) {
      refuse(error);
    }
  }

  /** Makes the pictures of a long run bit by bit, so that a seek to its end does not wait. */
  #lookAhead(reel: Reel, stop: number): void {
    if (stop >= reel.length || this.#reel.value !== reel) return;
    reel.at(stop);
    setTimeout(() => this.#lookAhead(reel, stop + AHEAD_STOPS));
  }

  #failed(number: number, error: unknown): void {
    if (number !== this.#filmsAsked) return;
    this.#isFilming.value = false;
    this.#queue = [];
    this.pause();
    this.#fault.value = lineOf(error);
  }
}

function lineOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function driftText(step: number): string {
  return `The schedule does not fit the scenario: only steps before ${step} can be taken.`;
}

function exactly(schedule: Moment["schedule"]): FilmScript {
  return { schedule, rule: "exact", goOn: null };
}

function clamped(stop: number, reel: Reel): number {
  return Math.max(0, Math.min(stop, reel.length - 1));
}
