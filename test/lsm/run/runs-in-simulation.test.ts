import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/lsm/run/index.ts";
import type { Entry } from "../../../src/lsm/index.ts";
import { checkFootprints, Scheduler, type SimDiskOptions } from "../../../src/sim/index.ts";
import type { Host, Task } from "../../../src/task/index.ts";
import { budget } from "../../campaign.ts";
import { strategyOf } from "../../support/hunt-program.ts";
import { lineOf, RUN_NAME, tombstone, value } from "./run-fixture.ts";
import { ReadersProgram, WriterProgram } from "./runs-program.ts";

const list: Entry[] = [
  ...Array.from({ length: 14 }, (_, i) => value(`key ${100 + i}`, 20 + i, "some value")),
  tombstone("key 2", 50),
  value("key 2", 7, "old"),
];

function* get(run: Run, index: number): Task<string> {
  const entry = list[index];
  if (entry === undefined) return "none";
  const found = yield* run.get(entry.key, entry.seq);
  return found === null ? "none" : lineOf(found);
}

/** Goes through the whole run; a fault on the way does not lose the place. */
function* scan(run: Run): Generator<Task<string>, void, void> {
  const cursor = run.cursor();
  for (const _ of list) {
    yield (function* (): Task<string> {
      return (yield* cursor.next()) ? lineOf(cursor.entry) : "none";
    })();
  }
}

function* back(run: Run): Task<string> {
  const cursor = run.cursor();
  yield* cursor.seekBack(null, true);
  const lines: string[] = [];
  while (yield* cursor.previous()) lines.push(lineOf(cursor.entry));
  return lines.toReversed().join("; ");
}

function* gets(run: Run): Generator<Task<string>, void, void> {
  for (const index of [0, 15, 3, 0, 9, 3]) yield get(run, index);
}

const readers = [scan, gets, (run: Run) => [back(run)]];
const whole = list.map(lineOf);
const got = [0, 15, 3, 0, 9, 3].map((index) => whole[index] ?? "");
const expected = [whole, got, [whole.join("; ")]];
const faulty: SimDiskOptions = {
  latency: { readMs: 2 },
  faults: { kinds: ["read error", "corrupted read"], oneIn: 4, most: 4 },
};
const RUNS = budget({ short: 150, campaign: 20_000 });

describe("tasks that read a run at once", () => {
  it.each([0, 200, 700, 1 << 20])(
    "all find what is there, with a cache of %i bytes",
    (cacheBytes) => {
      const scheduler = new Scheduler();
      const options = { cacheBytes, latency: { readMs: 1 } };
      const program = new ReadersProgram(scheduler, list, options, readers);
      const strategy = strategyOf("random");
      for (let i = 0; i < RUNS && strategy.beginRun(); i++) {
        expect(scheduler.run(program, strategy).failure).toBeNull();
        expect(program.answers).toEqual(expected);
      }
    },
  );

  it("are told of a read that failed or gave wrong bytes, and never find what is not there", () => {
    const scheduler = new Scheduler();
    const program = new ReadersProgram(scheduler, list, { cacheBytes: 500, ...faulty }, readers);
    const strategy = strategyOf("random");
    const faults = new Set<string>();
    for (let i = 0; i < 4 * RUNS && strategy.beginRun(); i++) {
      expect(scheduler.run(program, strategy).failure).toBeNull();
      const [scanned = [], gotten = [], goneBack = []] = program.answers;
      const isFault = (answer: string): boolean => answer === "DISK_ERROR" || answer === "BAD_RUN";
      for (const answer of program.answers.flat()) if (isFault(answer)) faults.add(answer);
      // A cursor that met a fault stays where it is, and goes on when it is asked again.
      const lines = scanned.filter((answer) => !isFault(answer));
      expect(lines).toEqual(whole.slice(0, lines.length));
      expect(gotten.map((answer, at) => isFault(answer) || answer === got[at])).not.toContain(
        false,
      );
      expect(goneBack.every((answer) => isFault(answer) || answer === whole.join("; "))).toBe(true);
    }
    expect([...faults].toSorted()).toEqual(["BAD_RUN", "DISK_ERROR"]);
  });

  it("read a block once if they ask for it while it is read, and share the fault", () => {
    const scheduler = new Scheduler();
    const same = (run: Run): Task<string>[] => [get(run, 0)];
    const options = { cacheBytes: 1 << 20, latency: { readMs: 5 } };
    const program = new ReadersProgram(scheduler, list, options, [same, same, same]);
    const strategy = strategyOf("random");
    for (let i = 0; i < 30 && strategy.beginRun(); i++) {
      expect(scheduler.run(program, strategy).failure).toBeNull();
      expect(program.reads).toBe(1);
      expect(program.answers.flat()).toEqual([whole[0], whole[0], whole[0]]);
    }
    const failing = new ReadersProgram(
      scheduler,
      list,
      { ...options, faults: { kinds: ["read error"], oneIn: 1, most: 1 } },
      [same, same, same],
    );
    let shared = 0;
    for (let i = 0; i < 30 && strategy.beginRun(); i++) {
      expect(scheduler.run(failing, strategy).failure).toBeNull();
      if (failing.reads > 1) continue;
      const isFault = failing.answers.flat()[0] === "DISK_ERROR";
      expect(new Set(failing.answers.flat()).size).toBe(1);
      if (isFault) shared++;
    }
    expect(shared).toBeGreaterThan(3);
  });

  it("declare all that they share", () => {
    const scheduler = new Scheduler();
    // Gets that find their block touch the cache only in ways that commute.
    const paused = function* (run: Run, host: Host): Generator<Task<string>, void, void> {
      for (const index of [0, 15, 3, 0, 15, 3, 0, 9]) {
        yield (function* (): Task<string> {
          yield host.sleep(0);
          return yield* get(run, index);
        })();
      }
    };
    for (const [cacheBytes, least] of [
      [900, 5],
      [1 << 20, 50],
    ] as const) {
      const options = { cacheBytes, isWarm: true };
      const program = new ReadersProgram(scheduler, list, options, [paused, paused, paused]);
      const strategy = strategyOf("random");
      let swaps = 0;
      for (let seed = 0; seed < budget({ short: 10, campaign: 300 }); seed++) {
        const report = checkFootprints(scheduler, program, strategy, { seed, swapsMax: 40 });
        expect(report.problem).toBeNull();
        swaps += report.swaps;
      }
      expect(swaps).toBeGreaterThan(least);
    }
  });
});

describe("a run that is written while the power fails", () => {
  it.each(["patterns", "sectors"] as const)("is whole or refused (%s)", (survival) => {
    const scheduler = new Scheduler();
    const faults: SimDiskOptions["faults"] = { kinds: ["write error", "failed sync"], oneIn: 20 };
    const program = new WriterProgram(scheduler, list, { survival, faults });
    const strategy = strategyOf("random");
    const found = new Set<string>();
    for (let i = 0; i < 4 * RUNS && strategy.beginRun(); i++) {
      expect(scheduler.run(program, strategy).failure).toBeNull();
      found.add(program.found === whole.join("; ") ? "whole" : program.found);
      const isLost = program.isAcknowledged && program.found !== whole.join("; ");
      expect(isLost).toBe(false);
      expect(program.disk.names().length).toBeLessThanOrEqual(1);
    }
    expect([...found].toSorted()).toEqual(["BAD_RUN", "NO_SUCH_FILE", "whole"]);
    expect(program.disk.names().every((name) => name === RUN_NAME)).toBe(true);
  });
});
