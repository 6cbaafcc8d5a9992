import type { FailureKind } from "../../sim/index.ts";
import type { Stop } from "../film/index.ts";
import type { Picture, Reel } from "../picture/index.ts";
import type { SearchResult } from "../search/index.ts";

/** One thing to try in the lab, and to understand by trying it. */
export interface Level {
  /** In kebab case; progress is kept under it, so it never changes. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, and the idea. Paragraphs are divided by an empty line. */
  readonly text: string;
  /** What to do, in one sentence. */
  readonly task: string;
  /** A scenario file, with its protocol and, where there is one, its bug. */
  readonly scenario: string;
  readonly goal: Goal;
  /** Each says more than the one before. */
  readonly hints: readonly string[];
  /** What was to be learnt, to be read once it is solved. */
  readonly explanation: string;
}

/** Levels about one idea. */
export interface Chapter {
  readonly title: string;
  readonly levels: readonly Level[];
}

/** When a level is solved. */
export type Goal = FailsGoal | ReachGoal | HoldsGoal | PredictGoal;

/** What a run cost that reached its goal: fewer preemptions are better, then fewer steps. */
export interface Cost {
  readonly preemptions: number;
  readonly steps: number;
}

/** The run is to fail, in one of these ways. */
export interface FailsGoal extends RunGoal {
  readonly kind: "fails";
  readonly failures: readonly FailureKind[];
}

/** The run is to come to a state. */
export interface ReachGoal extends RunGoal {
  readonly kind: "reach";
  /** The state in a few words, which end a sentence that begins with `until`. */
  readonly state: string;
  readonly isReached: (sight: Sight) => boolean;
}

/** Which of these is right is to be shown by a proof: every interleaving is run, and none fails. */
export interface HoldsGoal {
  readonly kind: "holds";
  readonly subjects: readonly Subject[];
  /** The one that is right. A test proves it, and refutes the others. */
  readonly solution: string;
  /** Most preemptions of a schedule that is run; null for every interleaving. */
  readonly preemptionsMax: number | null;
}

/** What comes next is to be said before it is seen. */
export interface PredictGoal {
  readonly kind: "predict";
  readonly question: string;
  /** A run to its end. */
  readonly schedule: string;
  /** The stop of that run at which it is asked. */
  readonly askedAt: number;
  readonly choices: readonly string[];
  /** What is right, read off the run: one of `choices`. */
  readonly answerIn: (reel: Reel, askedAt: number) => string;
}

/** What the goals have in common that the visitor reaches by deciding who goes next. */
interface RunGoal {
  /** The least that reaches the goal, by a search of all schedules that cost no more. */
  readonly par: Cost;
  /** A schedule that reaches the goal at that cost. */
  readonly solution: string;
  /** A schedule to the end of the run that misses the goal. */
  readonly wrong: string;
}

/** What can be proved, and is right or not. */
export interface Subject {
  readonly label: string;
  /** Name of a right protocol, or of the one that the bug is planted in. */
  readonly protocol: string;
  readonly bug: string | null;
}

/** A stop of a run, and how everything stands there. */
export interface Sight {
  readonly picture: Picture;
  readonly stop: Stop;
}

/** What a visitor did about a level. */
export type Attempt = RunAttempt | ProofAttempt | AnswerAttempt;

/** A run, as far as it was seen. */
export interface RunAttempt {
  readonly kind: "run";
  /** What was run, as a scenario file. */
  readonly scenario: string;
  readonly reel: Reel;
  /** The last stop that was seen. */
  readonly seenTo: number;
  /** Whether the visitor was given the run: by a search, by a link, or by chance. */
  readonly isGiven: boolean;
}

export interface ProofAttempt {
  readonly kind: "proof";
  /** The label of the subject. */
  readonly subject: string;
  /** What came of the proof of the level's scenario with that subject. */
  readonly result: SearchResult;
}

export interface AnswerAttempt {
  readonly kind: "answer";
  readonly choice: string;
}

/** What came of an attempt. */
export interface Outcome {
  /** `open`: it may still be solved by going on; `missed`: not by going on. */
  readonly state: "solved" | "open" | "missed";
  /** What a run cost that solves it; null where nothing is counted. */
  readonly cost: Cost | null;
  readonly isPar: boolean;
  /** Why, in a sentence or two. */
  readonly text: string;
}
