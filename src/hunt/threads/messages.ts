import type { Verdict } from "../../sim/index.ts";
import type { HuntResult } from "../hunt.ts";
import type { HuntPlan, HuntSetting } from "../plan.ts";
import type { Scenario, ScenarioShape } from "../scenario/index.ts";

/** Where a worker gets protocols of the user's own from: code cannot be sent. */
export interface ProtocolModule {
  /** The URL of a module that exports `loadProtocols(path)`, which gives `{ protocols }`. */
  readonly loader: string;
  readonly path: string;
}

/** What a worker is started with. */
export interface WorkerStart {
  /** Its first word is not 0 once all are to stop. */
  readonly stop: SharedArrayBuffer;
  readonly protocols: ProtocolModule | null;
}

/** Some random scenarios of one hunt: `count` of them, from number `first` on. */
export interface DrawnOrder {
  readonly kind: "drawn";
  readonly shape: ScenarioShape;
  readonly setting: HuntSetting;
  readonly first: number;
  readonly count: number;
  /** Most schedules of each. */
  readonly runsMax: number;
}

/** What came of one random scenario. */
export interface DrawnPart {
  readonly scenario: Scenario;
  /** Of this scenario alone. */
  readonly verdict: Verdict;
}

/** A hunt whose exploration has ended, and whose finding is to be shrunk. */
export interface FinishOrder {
  readonly kind: "finish";
  readonly scenario: Scenario;
  readonly verdict: Verdict;
  readonly scenarios: number;
  readonly setting: HuntSetting;
}

/** A whole hunt. */
export interface HuntOrder {
  readonly kind: "hunt";
  readonly plan: HuntPlan;
}

/** What a worker can be asked for, and what it answers. */
export interface Orders {
  readonly drawn: { readonly order: DrawnOrder; readonly answer: readonly DrawnPart[] };
  readonly finish: { readonly order: FinishOrder; readonly answer: HuntResult };
  readonly hunt: { readonly order: HuntOrder; readonly answer: HuntResult };
}

/** One of the {@link Orders}. */
export type Order = Orders[keyof Orders]["order"];
/** What comes back for it. */
export type AnswerTo<O extends Order> = Orders[O["kind"]]["answer"];

/** What was thrown in a worker, as it can be sent. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Of a LatchworkError. */
  readonly code: string | null;
  /** Of a HuntBroken: the line that replays the run in which it happened. */
  readonly replay: string | null;
}

/** What a worker sends. */
export type Report =
  | { readonly kind: "progress"; readonly runs: number }
  | { readonly kind: "answer"; readonly answer: Orders[keyof Orders]["answer"] }
  | { readonly kind: "thrown"; readonly thrown: Thrown };
