import type { Scenario, Story } from "../../hunt/index.ts";
import type { Schedule } from "../../sim/index.ts";
import type { Film, FilmScript } from "../film/index.ts";
import type { Hint, HintOrder } from "./hint.ts";
import type { SearchResult } from "./search-result.ts";

/** A film, where it cannot be made in the page: of a protocol whose code is not ours. */
export interface FilmOrder {
  readonly kind: "film";
  readonly scenario: Scenario;
  readonly script: FilmScript;
}

/** A hunt in one scenario. */
export interface HuntOrder {
  readonly kind: "hunt";
  readonly scenario: Scenario;
  readonly seed: string;
  readonly runsMax: number;
  /** `portfolio`, or strategies by name. */
  readonly strategies: readonly string[];
  /** Whether what is found is made as short as it gets. */
  readonly shrinks: boolean;
}

/** A proof of one scenario. */
export interface ProveOrder {
  readonly kind: "prove";
  readonly scenario: Scenario;
  readonly seed: string;
  readonly runsMax: number;
  /** Most preemptions of a schedule; null for every interleaving. */
  readonly preemptionsMax: number | null;
}

/** One run as texts; from where its schedule ends, whoever runs goes on. */
export interface TextsOrder {
  readonly kind: "texts";
  readonly scenario: Scenario;
  readonly schedule: Schedule;
}

/** A run as texts for people and for tools. */
export interface RunTexts {
  readonly story: string;
  /** The same story as data. */
  readonly told: Story;
  /** What follows the line in the command that replays it; empty for a protocol of ours. */
  readonly replayOptions: string;
  /** As `formatSchedule` prints it. */
  readonly schedule: string;
  /** The line that replays it anywhere. */
  readonly replay: string;
  /** JSON lines, as docs/trace-format.md has them. */
  readonly trace: string;
}

/** Whatever a worker can be asked for. */
export type Order = FilmOrder | HuntOrder | ProveOrder | HintOrder | TextsOrder;

/** What comes back, by the kind of the order. */
export interface Answers {
  readonly film: Film;
  readonly hunt: SearchResult;
  readonly prove: SearchResult;
  readonly hint: Hint;
  readonly texts: RunTexts;
}

export type AnswerTo<O extends Order> = Answers[O["kind"]];
export type Answer = Answers[keyof Answers];

/** How far an order is. */
export interface Pace {
  readonly runs: number;
  /** Whether these are the runs by which a proof is estimated. */
  readonly isEstimating: boolean;
  /** About how many interleavings a proof has to run; null if that is not known. */
  readonly estimate: number | null;
}
