import type { Verdict } from "../../sim/index.ts";
import type { HuntResult } from "../hunt.ts";
import type { HuntPlan, HuntSetting } from "../plan.ts";
import type { ProofPlan } from "../proof-plan.ts";
import type { Proof, ProofPace, SavedProof } from "../prove.ts";
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

/** A whole proof. */
export interface ProveOrder {
  readonly kind: "prove";
  readonly plan: ProofPlan;
  /** Whether what resumes it is to be told now and then. */
  readonly isKept: boolean;
}

/** What is told of a proof under way. */
export type ProofNews =
  | { readonly kind: "begun" }
  | { readonly kind: "pace"; readonly pace: ProofPace }
  | { readonly kind: "saved"; readonly saved: SavedProof; readonly isLast: boolean };

/** An order, what is told of it while it is carried out, and what comes back for it. */
interface Kind<Given, Told, Answered> {
  readonly order: Given;
  readonly news: Told;
  readonly answer: Answered;
}

/** What a worker can be asked for. News of hunts are how many schedules have been run. */
export interface Orders {
  readonly drawn: Kind<DrawnOrder, number, readonly DrawnPart[]>;
  readonly finish: Kind<FinishOrder, number, HuntResult>;
  readonly hunt: Kind<HuntOrder, number, HuntResult>;
  readonly prove: Kind<ProveOrder, ProofNews, Proof>;
}

/** One of the {@link Orders}. */
export type Order = Orders[keyof Orders]["order"];
/** What comes back for it. */
export type AnswerTo<O extends Order> = Orders[O["kind"]]["answer"];
/** What is told of it meanwhile. */
export type NewsOf<O extends Order> = Orders[O["kind"]]["news"];
/** What is told of any. */
export type News = Orders[keyof Orders]["news"];

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
  | { readonly kind: "news"; readonly news: News }
  | { readonly kind: "answer"; readonly answer: Orders[keyof Orders]["answer"] }
  | { readonly kind: "thrown"; readonly thrown: Thrown };
