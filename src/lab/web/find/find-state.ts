import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { formatScenario, type Scenario } from "../../../hunt/index.ts";
import type { Pace, Reel, RunTexts, SearchResult } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { type Doing, workers } from "../worker/index.ts";

/** A search under way, and how far it is. */
export interface Running {
  readonly what: "hunt" | "prove";
  readonly runsMax: number;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly pace: Pace;
  readonly isStopping: boolean;
}

/** What came of the last search, and of what scenario. */
export interface Searched {
  readonly scenario: Scenario;
  /** Whose code was run, as `workers.originOf` has it. */
  readonly origin: number | null;
  readonly result: SearchResult;
  readonly seconds: number;
}

/** A run as texts, and the reel that it is the run of. */
interface WrittenRun {
  readonly reel: Reel;
  readonly texts: RunTexts;
}

const NOTHING_YET: Pace = { runs: 0, isEstimating: false, estimate: null };

/** The search that the panel makes, which goes on while other panels are open. */
export class Finding {
  readonly #running = signal<Running | null>(null);
  readonly #searched = signal<Searched | null>(null);
  readonly #texts = signal<WrittenRun | null>(null);
  readonly #fault = signal<string | null>(null);
  #doing: Doing<SearchResult> | null = null;

  readonly runsMax: Signal<number> = signal(10_000);
  readonly seed: Signal<string> = signal("1");
  /** Strategies by name; `portfolio` for the usual ones in turn. */
  readonly strategies: Signal<readonly string[]> = signal(["portfolio"]);
  /** Most preemptions of a proof; null for no bound. */
  readonly preemptionsMax: Signal<number | null> = signal(null);

  readonly running: ReadonlySignal<Running | null> = this.#running;
  readonly searched: ReadonlySignal<Searched | null> = this.#searched;
  readonly fault: ReadonlySignal<string | null> = this.#fault;
  readonly isRunning: ReadonlySignal<boolean> = computed(() => this.#running.value !== null);

  /** Hunts in the scenario that is shown, or proves it. Requires: nothing is running. */
  async begin(what: "hunt" | "prove", lab: LabState): Promise<void> {
    const scenario = lab.scenario.value;
    const origin = workers.originOf(scenario);
    const [seed, runsMax] = [this.seed.value, this.runsMax.value];
    const startedMs = performance.now();
    const common = { startedMs, nowMs: startedMs, pace: NOTHING_YET, isStopping: false };
    this.#fault.value = null;
    this.#searched.value = null;
    this.#running.value = { what, runsMax, ...common };
    const onPace = (pace: Pace): void => this.#note({ pace, nowMs: performance.now() });
    const strategies = this.strategies.value;
    const preemptionsMax = this.preemptionsMax.value;
    this.#doing =
      what === "hunt"
        ? workers.do({ kind: what, scenario, seed, runsMax, strategies, shrinks: true }, onPace)
        : workers.do({ kind: what, scenario, seed, runsMax, preemptionsMax }, onPace);
    try {
      const result = await this.#doing.answer;
      const seconds = (performance.now() - startedMs) / 1000;
      this.#searched.value = { scenario, origin, result, seconds };
      // Whoever has gone on to something else meanwhile is not interrupted.
      if (isSame(scenario, lab.scenario.value)) this.open(lab);
    } catch (error) {
      this.#fault.value = error instanceof Error ? error.message : String(error);
    } finally {
      this.#running.value = null;
      this.#doing = null;
    }
  }

  /** Ends the search with what it has. */
  stop(): void {
    this.#note({ isStopping: true });
    this.#doing?.stop();
  }

  /** Shows the run that was found, from its beginning. */
  open(lab: LabState): void {
    const found = this.#searched.value?.result.found ?? null;
    if (found === null) return;
    const { scenario, schedule } = found;
    if (!isSame(scenario, lab.scenario.value)) lab.level.value = null;
    lab.load({ scenario, schedule, cursor: 0 }, schedule);
  }

  /** Whether a search was one of the scenario that is shown, or has found what is shown. */
  isOfShown({ scenario, result: { found } }: Searched, lab: LabState): boolean {
    const shown = lab.scenario.value;
    return isSame(scenario, shown) || (found !== null && isSame(found.scenario, shown));
  }

  /** The run that is shown as texts; null if it has not been written down, but maybe another. */
  textsOf(lab: LabState): RunTexts | null {
    const written = this.#texts.value;
    return written?.reel === lab.reel.value ? written.texts : null;
  }

  /** Writes the run that is shown down, to its end. */
  async write(lab: LabState): Promise<void> {
    const { scenario, schedule } = lab.moment;
    const reel = lab.reel.value;
    this.#fault.value = null;
    try {
      const texts = await workers.do({ kind: "texts", scenario, schedule }).answer;
      this.#texts.value = { reel, texts };
    } catch (error) {
      this.#texts.value = null;
      this.#fault.value = error instanceof Error ? error.message : String(error);
    }
  }

  #note(news: Partial<Running>): void {
    const running = this.#running.value;
    if (running !== null) this.#running.value = { ...running, ...news };
  }
}

function isSame(one: Scenario, other: Scenario): boolean {
  return formatScenario(one) === formatScenario(other);
}

/** The one of this page. */
export const finding: Finding = new Finding();
