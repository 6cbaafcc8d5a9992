import { describe, expect, it } from "vitest";
import {
  bugNamed,
  formatScenario,
  parseReplay,
  parseScenario,
  type Scenario,
  scenarioOfBug,
} from "../../../src/hunt/index.ts";
import {
  type Answer,
  carryingOut,
  film,
  type Order,
  type Pace,
  type RunTexts,
  type SearchResult,
} from "../../../src/lab/index.ts";
import { formatSchedule, parseSchedule } from "../../../src/sim/index.ts";

const C1 = scenarioOfBug(bugNamed("C1"));
const RIGHT: Scenario = { ...C1, bug: null };

interface Done {
  readonly answer: Answer;
  readonly paces: readonly Pace[];
}

/** Carries an order out as a worker does: everything is cloned on its way. */
function done(order: Order, shouldStop: () => boolean = () => false): Done {
  const work = carryingOut(structuredClone(order), { protocols: [], shouldStop });
  const paces: Pace[] = [];
  for (;;) {
    const next = work.next();
    if (next.done === true) return { answer: structuredClone(next.value), paces };
    paces.push(structuredClone(next.value));
  }
}

function hunt(scenario: Scenario, runsMax: number): Order {
  return { kind: "hunt", scenario, seed: "7", runsMax, strategies: ["portfolio"], shrinks: true };
}

function prove(scenario: Scenario, preemptionsMax: number | null, runsMax: number): Order {
  return { kind: "prove", scenario, seed: "7", runsMax, preemptionsMax };
}

describe("an order that is carried out", () => {
  it("hunts, and gives the run that failed as a line and as data that the lab can show", () => {
    const found = (done(hunt(C1, 2000)).answer as SearchResult).found;
    expect(found).not.toBeNull();
    if (found === null) return;
    const { scenario, schedule } = parseReplay(found.replay);
    expect(formatScenario(scenario)).toBe(formatScenario(found.scenario));
    expect(parseSchedule(schedule)).toEqual(found.schedule);
    const shown = film(found.scenario, { schedule: found.schedule, rule: "exact", goOn: null });
    expect(shown.failure?.kind).toBe(found.kind);
    expect(found.preemptions).toBe(bugNamed("C1").preemptions);
  });

  it("says only of what was shrunk to the end that it gets no shorter", () => {
    const told = (order: Partial<Order>, shouldStop?: () => boolean): string =>
      (done({ ...hunt(C1, 2000), ...order } as Order, shouldStop).answer as SearchResult).details;
    expect(told({})).toMatch(/ Without any one of these it does not fail in this way\.$/);
    expect(told({ shrinks: false })).toMatch(
      /^By \S+ after \d+ schedules?, with \d+ preemptions?\.$/,
    );
    let asked = 0;
    const stopped = told({}, () => ++asked > 40);
    expect(stopped).toMatch(/shrunk to .* Shrinking was stopped: it may get shorter\.$/);
  });

  it("says of a hunt without a finding what was run, and tells how far it is", () => {
    const { answer, paces } = done(hunt(RIGHT, 1000));
    expect(answer).toMatchObject({ verdict: "clean", runs: 1000, isStopped: false, found: null });
    const { headline, details } = answer as SearchResult;
    expect(headline).toBe("Clean: nothing was found in the 1,000 schedules that were run.");
    expect(details).toMatch(/^1,000 schedules, \d+ distinct interleavings, /);
    expect(paces.map(({ runs }) => runs)).toEqual([200, 400, 600, 800]);
  });

  it("stops when it is told to, and says so", () => {
    let asked = 0;
    const { answer } = done(hunt(RIGHT, 1_000_000), () => ++asked > 500);
    expect(answer).toMatchObject({ verdict: "clean", isStopped: true, runs: 500 });
    expect((answer as SearchResult).headline).toMatch(/^Stopped: .* the 500 schedules/);
  });

  it("proves a right protocol, and only within the bound that was given", () => {
    const whole = done(prove(RIGHT, null, 100_000)).answer as SearchResult;
    expect(whole.verdict).toBe("proved");
    expect(whole.headline).toMatch(/^Proved: every interleaving of this scenario was run, \d+;/);
    const bounded = done(prove(RIGHT, 1, 100_000)).answer as SearchResult;
    expect(bounded.headline).toMatch(/^Proved as far as 1 preemption: /);
  });

  it("does not call what it has not finished proved", () => {
    const { scenario } = parseScenario("tree [10,20][30,40]\ntask put 15\ntask put 35\ntask scan");
    const cut = done(prove(scenario, null, 3)).answer as SearchResult;
    expect(cut.verdict).toBe("unfinished");
    expect(cut.headline).toBe("Not proved: 3 interleavings were run, none fails.");
    expect(cut.details).toMatch(/% of an estimated/);
  });

  it("finds by a proof what a hunt finds", () => {
    const answer = done(prove(C1, null, 100_000)).answer as SearchResult;
    expect(answer.verdict).toBe("found");
    expect(answer.headline).toBe(`Found: ${answer.found?.title}`);
  });

  it("gives a run as texts", () => {
    const found = (done(hunt(C1, 2000)).answer as SearchResult).found;
    const [scenario, schedule] = [found?.scenario ?? C1, found?.schedule ?? []];
    const texts = done({ kind: "texts", scenario, schedule }).answer as RunTexts;
    expect(texts.replay).toBe(found?.replay);
    expect(texts.schedule).toBe(formatSchedule(schedule));
    expect(texts.story).toContain(`latchwork replay '${texts.replay}'`);
    expect(texts.trace.trimEnd().split("\n").at(-1)).toContain('"kind":"verdict"');
  });

  it("refuses a scenario and a strategy that there are not, in one line", () => {
    expect(() => done(hunt({ ...C1, protocol: "no" }, 10))).toThrow(/^[^\n]+$/);
    const order: Order = { ...hunt(C1, 10), kind: "hunt", strategies: ["chess"] } as Order;
    expect(() => done(order)).toThrow(/chess/);
  });
});
