import { formatScenario, parseScenario, type Scenario } from "../../hunt/index.ts";
import { assert } from "../../task/index.ts";
import type { Film } from "../film/index.ts";
import { film } from "../film/index.ts";
import { Reel } from "../picture/index.ts";
import { parseSchedule, type Schedule } from "../../sim/index.ts";
import { compareCosts, costTo } from "./cost.ts";
import type {
  Attempt,
  Cost,
  FailsGoal,
  HoldsGoal,
  Level,
  Outcome,
  PredictGoal,
  ProofAttempt,
  ReachGoal,
  RunAttempt,
  Subject,
} from "./level.ts";
import { resultsIn } from "./sights.ts";

/**
 * Says what came of an attempt. A run is judged as far as it was seen, and solves nothing if the
 * visitor was given it.
 */
export function judge(level: Level, attempt: Attempt): Outcome {
  const { goal } = level;
  if (goal.kind === "holds") {
    return attempt.kind === "proof" ? judgeProof(goal, attempt) : open("Choose one, and prove it.");
  }
  if (goal.kind === "predict") {
    if (attempt.kind !== "answer") return open("Choose an answer, and run it.");
    return judgeAnswer(level, goal, attempt.choice);
  }
  if (attempt.kind !== "run") return open("Decide who goes next.");
  const isOwn = attempt.scenario === formatScenario(scenarioOf(level));
  if (!isOwn) return missed("This is another scenario. Begin the level again.");
  const outcome = goal.kind === "fails" ? judgeFailure(goal, attempt) : judgeState(goal, attempt);
  return attempt.isGiven && outcome.state === "solved" ? missed(GIVEN) : outcome;
}

const GIVEN =
  "This run does it, but it was found, drawn at random, or came with a link. " +
  "Begin the level again, and decide who goes next yourself.";

/** The scenario of a level, for one of its subjects if it has some. */
export function scenarioOf(level: Level, subject: Subject | null = null): Scenario {
  const { scenario } = parseScenario(level.scenario);
  if (subject === null) return scenario;
  return { ...scenario, protocol: subject.protocol, bug: subject.bug };
}

/** The run that a prediction is about, to its end. */
export function predictedReel(level: Level, { schedule }: PredictGoal): Reel {
  const scenario = scenarioOf(level);
  return new Reel(filmed(scenario, parseSchedule(schedule)), scenario);
}

/** The right answer, as the run gives it. */
export function rightAnswer(level: Level, goal: PredictGoal): string {
  return goal.answerIn(predictedReel(level, goal), goal.askedAt);
}

/** The first stop of a run, up to the last one seen, at which the state is reached; or null. */
export function reachedAt({ isReached }: ReachGoal, reel: Reel, seenTo: number): number | null {
  for (let at = 0; at <= seenTo; at++) {
    const stop = reel.film.stops[at];
    assert(stop !== undefined, "a run was seen as far as it goes");
    if (isReached({ picture: reel.at(at), stop })) return at;
  }
  return null;
}

function filmed(scenario: Scenario, schedule: Schedule): Film {
  return film(scenario, { schedule, rule: "exact", goOn: null });
}

function judgeFailure(goal: FailsGoal, { reel, seenTo }: RunAttempt): Outcome {
  const made = reel.film;
  if (!isSeen(made, seenTo)) return open("The run is not over yet.");
  const { failure } = made;
  if (failure === null) {
    const answers = resultsIn(reel.at(seenTo));
    return missed(`The run is over, and nothing went wrong: ${answers}. Undo, or begin again.`);
  }
  if (!goal.failures.includes(failure.kind)) {
    return missed(`That run fails, but in another way (${failure.kind}): ${failure.message}`);
  }
  return solved(costTo(made, seenTo), goal.par);
}

function judgeState(goal: ReachGoal, { reel, seenTo }: RunAttempt): Outcome {
  const at = reachedAt(goal, reel, seenTo);
  if (at !== null) return solved(costTo(reel.film, at), goal.par);
  if (!isSeen(reel.film, seenTo)) return open(`Go on until ${goal.state}.`);
  const answers = resultsIn(reel.at(seenTo));
  return missed(`The run is over before ${goal.state}: ${answers}. Undo, or begin again.`);
}

function judgeProof({ subjects }: HoldsGoal, { subject, result }: ProofAttempt): Outcome {
  const isKnown = subjects.some(({ label }) => label === subject);
  assert(isKnown, "what is proved is a subject of the level");
  if (result.verdict === "proved") {
    return { state: "solved", cost: null, isPar: true, text: result.headline };
  }
  if (result.verdict === "found") {
    return missed(`It does not hold. ${result.headline}`);
  }
  return open(result.headline);
}

function judgeAnswer(level: Level, goal: PredictGoal, choice: string): Outcome {
  const right = rightAnswer(level, goal);
  if (choice === right) {
    return { state: "solved", cost: null, isPar: true, text: `The run says the same: ${right}.` };
  }
  return missed(`The run says otherwise. Not “${choice}”, but: ${right}.`);
}

function isSeen({ isOver, stops }: Film, seenTo: number): boolean {
  return isOver && seenTo === stops.length - 1;
}

function solved(cost: Cost, par: Cost): Outcome {
  const isPar = compareCosts(cost, par) <= 0;
  const less = `It can be done with ${costText(par)}.`;
  const text = `Done with ${costText(cost)}. ${isPar ? "That is par: no run needs less." : less}`;
  return { state: "solved", cost, isPar, text };
}

function open(text: string): Outcome {
  return { state: "open", cost: null, isPar: false, text };
}

function missed(text: string): Outcome {
  return { state: "missed", cost: null, isPar: false, text };
}

/** As in `1 preemption and 12 steps`. */
export function costText({ preemptions, steps }: Cost): string {
  const switches = `${preemptions} preemption${preemptions === 1 ? "" : "s"}`;
  return `${switches} and ${steps} step${steps === 1 ? "" : "s"}`;
}
