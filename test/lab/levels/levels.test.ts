import { describe, expect, it } from "vitest";
import {
  carryingOut,
  CHAPTERS,
  compareCosts,
  costTo,
  film,
  type HoldsGoal,
  judge,
  type Level,
  LEVELS,
  levelNamed,
  predictedReel,
  type PredictGoal,
  rightAnswer,
  scenarioOf,
  type SearchResult,
  type Subject,
} from "../../../src/lab/index.ts";
import { bugNamed, BUGS, scenarioOfBug } from "../../../src/hunt/index.ts";
import { parseSchedule } from "../../../src/sim/index.ts";
import { budget } from "../../campaign.ts";
import { attemptOf, measure } from "./measure.ts";

/** Where par has no preemption, there is nothing below it. */
const NOTHING_BELOW = { cost: null, isExhausted: true };

type Of<Kind extends Level["goal"]["kind"]> = Level & {
  readonly goal: Extract<Level["goal"], { readonly kind: Kind }>;
};

function levelsOf<Kind extends Level["goal"]["kind"]>(...kinds: Kind[]): Of<Kind>[] {
  return LEVELS.filter((level): level is Of<Kind> => kinds.some((one) => one === level.goal.kind));
}

function wordsOf(text: string): number {
  return text.split(/\s+/).length;
}

describe("the levels", () => {
  it("are at least 24, each with an id of its own", () => {
    expect(LEVELS.length).toBeGreaterThanOrEqual(24);
    expect(new Set(LEVELS.map(({ id }) => id)).size).toBe(LEVELS.length);
    expect(CHAPTERS.flatMap(({ levels }) => levels)).toEqual(LEVELS);
    for (const level of LEVELS) expect(levelNamed(level.id)).toBe(level);
    expect(levelNamed("nowhere")).toBeNull();
  });

  it.each(LEVELS)("$id is told on one screen", ({ id, text, task, explanation, hints }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(wordsOf(text)).toBeLessThanOrEqual(125);
    expect(wordsOf(explanation)).toBeLessThanOrEqual(125);
    expect(wordsOf(task)).toBeLessThanOrEqual(25);
    expect(task.match(/[.?]/g)).toEqual(["."]);
    expect(hints.length).toBeGreaterThan(0);
    expect(`${text} ${task} ${explanation} ${hints.join(" ")}`).not.toMatch(/\block(s|ed|ing)?\b/);
  });
});

describe("a level to be run", () => {
  const levels = levelsOf("fails", "reach");

  it.each(levels)("$id is solved to its par by its solution, and missed the wrong way", (level) => {
    const { par, solution, wrong } = level.goal;
    const solved = judge(level, attemptOf(level, parseSchedule(solution)));
    expect(solved).toMatchObject({ state: "solved", cost: par, isPar: true });
    const missed = judge(level, attemptOf(level, parseSchedule(wrong)));
    expect(missed).toMatchObject({ state: "missed", cost: null, isPar: false });
    expect(judge(level, attemptOf(level, [])).state).toBe("open");
  });

  const runsMax = budget({ short: 120, campaign: 100_000 });

  it.each(levels)("$id cannot be solved for less than its par", (level) => {
    const { par } = level.goal;
    const below = measure(level, Math.max(par.preemptions - 1, 0), runsMax);
    const isBelow = par.preemptions > 0;
    expect(isBelow ? below : NOTHING_BELOW).toMatchObject({ cost: null, isExhausted: true });
    const within = measure(level, par.preemptions, runsMax);
    const { cost, isExhausted } = within;
    const isBetter = cost !== null && compareCosts(cost, par) < 0;
    // What was not run to its end says only that nothing better was met.
    expect(isExhausted || isBetter ? cost : par).toEqual(par);
  });

  it("is judged on its own scenario only, and as far as it was seen", () => {
    const level = levels.find(({ id }) => id === "split-race");
    if (level === undefined) throw new TypeError("there is a level about the split race");
    const attempt = attemptOf(level, parseSchedule(level.goal.solution));
    const seenTo = attempt.seenTo - 1;
    expect(judge(level, { ...attempt, seenTo }).state).toBe("open");
    expect(judge(level, { ...attempt, isGiven: true })).toMatchObject({
      state: "missed",
      cost: null,
    });
    expect(judge(level, { ...attempt, scenario: "capacity 9\n" }).state).toBe("missed");
  });
});

describe("a level to be predicted", () => {
  it.each(levelsOf("predict"))("$id has its answer from a run to its end", (level) => {
    const goal: PredictGoal = level.goal;
    const reel = predictedReel(level, goal);
    expect(reel.film).toMatchObject({ isOver: true, drift: null });
    expect(goal.askedAt).toBeLessThan(reel.length - 1);
    const right = rightAnswer(level, goal);
    expect(goal.choices).toContain(right);
    for (const choice of goal.choices) {
      const { state } = judge(level, { kind: "answer", choice });
      expect(state).toBe(choice === right ? "solved" : "missed");
    }
  });
});

describe("a level to be proved", () => {
  it.each(levelsOf("holds"))("$id holds for one subject, and for no other", (level) => {
    const goal: HoldsGoal = level.goal;
    for (const subject of goal.subjects) {
      const result = proofOf(level, goal, subject);
      const isRight = subject.label === goal.solution;
      expect(result.verdict).toBe(isRight ? "proved" : "found");
      const outcome = judge(level, { kind: "proof", subject: subject.label, result });
      expect(outcome.state).toBe(isRight ? "solved" : "missed");
    }
  });
});

function proofOf(level: Level, { preemptionsMax }: HoldsGoal, subject: Subject): SearchResult {
  const scenario = scenarioOf(level, subject);
  const order = { kind: "prove", scenario, seed: "1", runsMax: 200_000, preemptionsMax } as const;
  const work = carryingOut(order, { protocols: [] });
  for (;;) {
    const next = work.next();
    if (next.done !== true) continue;
    if (!("verdict" in next.value)) throw new TypeError("a proof has a verdict");
    return next.value;
  }
}

const BUGS_SEEN = ["C1", "C5", "C8", "B1", "O4", "W1", "W3"];

describe("the cost of a run", () => {
  it.each(BUGS_SEEN)("of %s is counted as the scheduler counts it", (id) => {
    expect(BUGS.map((bug) => bug.id)).toContain(id);
    const scenario = scenarioOfBug(bugNamed(id));
    for (const seed of ["1", "2", "3", "4"]) {
      const goOn = { strategy: "random", seed } as const;
      const made = film(scenario, { schedule: [], rule: "exact", goOn });
      const steps = made.stops.length - 1;
      expect(costTo(made, steps)).toEqual({ preemptions: made.preemptions, steps });
    }
  });
});
