import { describe, expect, it } from "vitest";
import { bugNamed, BUGS, scenarioOfBug, huntScenario } from "../../src/hunt/index.ts";
import { film, type Film, Reel, sceneOf } from "../../src/lab/index.ts";
import { defaultPortfolio } from "../../src/sim/index.ts";

const ON = { strategy: "on", seed: "1" } as const;
const RANDOM = { strategy: "random", seed: "7" } as const;

function scenarioOf(id: string): ReturnType<typeof scenarioOfBug> {
  return scenarioOfBug(bugNamed(id));
}

/** Bugs of each kind of scenario: in memory, on a disk, in partitions, with batches. */
const SOME = ["C1", "C5", "D9", "B3", "F1", "O4", "S1", "W1", "W9", "P2", "A2"];

function filmedToTheEnd(id: string): Film {
  return film(scenarioOf(id), { schedule: [], rule: "exact", goOn: RANDOM });
}

describe("a film", () => {
  it.each(SOME)("of %s that is followed anew is the same", (id) => {
    const first = filmedToTheEnd(id);
    const again = film(scenarioOf(id), { schedule: first.schedule, rule: "exact", goOn: null });
    expect(again).toEqual(first);
    expect(first.isOver).toBe(true);
  });

  it.each(SOME)("of %s that is cut at any stop begins alike, and offers the same", (id) => {
    const whole = filmedToTheEnd(id);
    for (const [stop, { decisions }] of whole.stops.entries()) {
      if (stop === whole.stops.length - 1 || stop % 7 !== 0) continue;
      const schedule = whole.schedule.slice(0, decisions);
      const cut = film(scenarioOf(id), { schedule, rule: "exact", goOn: null });
      expect(cut.isOver).toBe(false);
      expect(cut.failure).toBeNull();
      expect(cut.drift).toBeNull();
      expect(cut.schedule).toEqual(schedule);
      expect(cut.stops).toEqual(whole.stops.slice(0, stop + 1));
    }
  });

  it("ends where the schedule does not fit any more, and says where", () => {
    const whole = film(scenarioOf("C1"), { schedule: [0, 0, 7, 1], rule: "exact", goOn: null });
    expect(whole.drift).toBe(3);
    expect(whole.schedule).toEqual([0, 0]);
    expect(whole.stops.at(-1)?.choices).toEqual([0, 1]);
  });

  it.each(SOME)("of %s shows the failure that the hunt found", (id) => {
    const scenario = scenarioOf(id);
    const { verdict, run } = huntScenario(scenario, {
      seed: 1,
      runsMax: 5000,
      strategies: defaultPortfolio,
      shrink: null,
    });
    const schedule = run?.schedule ?? [];
    const { failure } = film(scenario, { schedule, rule: "exact", goOn: null });
    expect(failure?.kind).toBe(verdict.finding?.failure.kind);
  });

  it("goes on by itself once the schedule is used up", () => {
    const one = film(scenarioOf("C1"), { schedule: [0], rule: "exact", goOn: ON });
    expect(one.isOver).toBe(true);
    expect(one.preemptions).toBe(0);
    expect(one.failure).toBeNull();
  });

  it("follows the schedule of another protocol as far as it can", () => {
    const scenario = scenarioOf("C1");
    const failing = [0, 0, 0, 1, 1, 1, 1, 0];
    const right = { ...scenario, bug: null };
    const other = film(right, { schedule: failing, rule: "loose", goOn: null });
    expect(other.isOver).toBe(true);
    expect(other.failure).toBeNull();
    expect(other.drift).not.toBeNull();
  });
});

describe("the words of a film", () => {
  it("say of a step that only joins a queue that it has to wait", () => {
    let queued = 0;
    for (const id of SOME) {
      for (const { deed, lines } of filmedToTheEnd(id).stops) {
        if (deed === null) continue;
        const isQueued = lines[0]?.["outcome"] === "queued";
        if (isQueued) queued++;
        expect(deed.text.endsWith("has to wait")).toBe(isQueued);
      }
    }
    expect(queued).toBeGreaterThan(0);
  });

  it("say of a task that was given its latch that it goes on", () => {
    const { stops } = film(scenarioOf("C1"), { schedule: [0, 1, 0], rule: "exact", goOn: null });
    expect(stops[3]?.next[1]).toMatchObject({
      isGranted: true,
      text: "go on: it has been given X on the meta page",
    });
    const { tasks } = new Reel(
      film(scenarioOf("C1"), { schedule: [0, 1, 0], rule: "exact", goOn: null }),
      {},
    ).at(3);
    expect(tasks[1]?.wants).toBeNull();
  });
});

describe("a reel", () => {
  it.each(BUGS.filter((_, at) => at % 5 === 0).map(({ id }) => id))(
    "of %s gives the same pictures in any order",
    (id) => {
      const whole = filmedToTheEnd(id);
      const scenario = scenarioOf(id);
      const played = new Reel(whole, scenario);
      const inOrder = whole.stops.map((_, stop) => played.at(stop));
      const sought = new Reel(whole, scenario);
      for (let stop = whole.stops.length - 1; stop >= 0; stop -= 3) {
        expect(sought.at(stop)).toEqual(inOrder[stop]);
      }
    },
  );

  it("shows who holds what, and who waits for whom", () => {
    // a reads under the meta page's latch; b asks for it exclusively and has to wait.
    const whole = film(scenarioOf("C1"), { schedule: [0, 1], rule: "exact", goOn: null });
    const picture = new Reel(whole, {}).at(2);
    expect(picture.latches.get(0)).toMatchObject({
      page: 0,
      holders: [{ task: 0, mode: "S" }],
      queue: [{ task: 1, mode: "X" }],
    });
    expect(picture.tasks[1]).toMatchObject({ state: "waits", waitsFor: [0], mayGo: false });
    expect(picture.tasks[0]?.holds).toMatchObject([{ page: 0, mode: "S" }]);
  });

  it("marks a changed page in its own partition only", () => {
    const scenario = scenarioOf("P2");
    const whole = filmedToTheEnd("P2");
    const reel = new Reel(whole, scenario);
    let marked = 0;
    for (let stop = 1; stop < reel.length; stop++) {
      const { changed } = reel.at(stop);
      const shown = sceneOf(reel.at(stop)).pages.filter(({ mark }) => mark !== null);
      marked += shown.length;
      expect(shown.filter(({ id }) => !changed.has(id))).toEqual([]);
    }
    expect(marked).toBeGreaterThan(0);
  });

  it("knows who waits before a gate, and for whom", () => {
    const scenario = scenarioOf("W40");
    let waits = 0;
    for (let seed = 0; seed < 20; seed++) {
      const goOn = { strategy: "random", seed: String(seed) } as const;
      const whole = film(scenario, { schedule: [], rule: "exact", goOn });
      const reel = new Reel(whole, scenario);
      for (let stop = 0; stop < reel.length; stop++) {
        for (const { next } of [whole.stops[stop] ?? { next: [] }]) {
          for (const { kind, state, task } of next) {
            if (kind !== "gate-enter" || state !== "waits") continue;
            waits++;
            expect(reel.at(stop).tasks[task]?.waitsFor).not.toEqual([]);
          }
        }
      }
    }
    expect(waits).toBeGreaterThan(0);
  });
});
