import { expect, describe, it } from "vitest";
import {
  BUGS,
  formatStory,
  huntScenario,
  parseScenario,
  type Scenario,
  scenarioOfBug,
  type Story,
  tellStory,
} from "../../../src/hunt/index.ts";
import { CrashProgram } from "../../../src/hunt/program/crash-program.ts";
import { Crabbing } from "../../../src/btree/index.ts";
import {
  defaultPortfolio,
  formatSchedule,
  parseSchedule,
  ReplayStrategy,
  Scheduler,
} from "../../../src/sim/index.ts";
import type { Host } from "../../../src/task/index.ts";
import { CommitQueue } from "../../../src/wal/commit-queue.ts";
import { Log } from "../../../src/wal/index.ts";

const WIDE = { widthMax: 1000 };

function storyOfFirst(scenario: Scenario): Story {
  const hunt = { seed: 1, runsMax: 10_000, strategies: defaultPortfolio };
  const { finding } = huntScenario(scenario, hunt).verdict;
  if (finding === null) throw new Error("nothing found");
  return tellStory(scenario, formatSchedule(finding.schedule));
}

function storyOf(text: string, schedule: string): string {
  return formatStory(tellStory(parseScenario(text).scenario, schedule), WIDE);
}

describe("an expectation that is broken", () => {
  it.each([
    [
      "C4",
      "exception: expected that a separator has a latched parent to go to; found page 2 split",
    ],
    ["C12", "exception: expected that the page covers the key; found key 25, and page 2 (leaf)"],
    ["D6", "exception: expected that the page covers the key; found key 25, and page 2 (leaf)"],
  ])("is told with what was found instead: %s", (id, title) => {
    const bug = BUGS.find((one) => one.id === id);
    if (bug === undefined) throw new Error("no such bug");
    expect(storyOfFirst(scenarioOfBug(bug)).title).toContain(title);
  });
});

describe("a fault that the disk was told to make", () => {
  const disk = "capacity 2\ntree [10]\ntask put 10\ntask get 10\ncrashes 0\nfaults ";

  it.each([
    ["read", "a2=1", "disk fault: a read error of the page file"],
    ["corrupt", "a2=1", "disk fault: a bit flipped in what is read of the page file"],
  ])("is told where it hits a latch that waits for its page: %s", (fault, schedule, told) => {
    const story = storyOf(disk + fault + "\n", schedule);
    expect(story).toContain("X page 0 (meta), to be read in: fails");
    expect(story).toContain(told);
    expect(story).toMatch(/-> failed with (DISK_ERROR|BAD_PAGE), perhaps done/);
    expect(story).not.toContain("cut off");
  });

  it.each([
    ["sync", "syncs log-1: fails", "disk fault: a failed sync of log-1"],
    ["write", "writes bytes 32-149 of log-1: fails", "disk fault: a write error of log-1"],
    ["space", "writes bytes 32-149 of log-1: fails", "disk fault: no space for log-1"],
  ])("is told where it hits the log: %s", (fault, step, told) => {
    const before = fault === "sync" ? "a7=1" : "a6=1";
    const story = storyOf(disk + fault + "\n", before);
    expect(story).toContain(step);
    expect(story).toContain(told);
  });

  it("is told where a request is slow, or never ends", () => {
    expect(storyOf(disk + "slow\n", "=1a2")).toContain(
      "disk fault: a request that takes 50 ms longer: read bytes 0-511 of the page file",
    );
    const stuck = disk.replace("crashes 0", "crashes 1") + "stuck\n";
    expect(storyOf(stuck, "=1a2")).toContain(
      "disk fault: a request that never ends: read bytes 0-511 of the page file",
    );
  });
});

describe("a task that waits for ever", () => {
  class DeafQueue extends CommitQueue {
    override isSettled(): boolean {
      return false;
    }

    override mayLead(): boolean {
      return false;
    }
  }

  class DeafLog extends Log {
    protected override makeQueue(host: Host, objectId: number, start: Log["endLsn"]): CommitQueue {
      return new DeafQueue(host, objectId, start);
    }
  }

  it("for the log is told so, with the log's name", () => {
    const { scenario } = parseScenario("capacity 2\ntree [10]\ntask put 10\ncrashes 0\n");
    if (scenario.durability === undefined) throw new Error("it has a disk");
    const scheduler = new Scheduler();
    const parts = { makeLog: (of: ConstructorParameters<typeof Log>[0]) => new DeafLog(of) };
    const crabbing = new Crabbing();
    const { durability } = scenario;
    const program = new CrashProgram(scheduler, scenario, durability, crabbing, crabbing, parts);
    const strategy = new ReplayStrategy(parseSchedule("a"));
    strategy.beginRun();
    const { failure } = scheduler.run(program, strategy);
    expect(failure?.message.split("\n")).toEqual([
      "stuck: no task can go on (a lost wakeup?)",
      "  a (put 10) waits for ever until the log is durable to 119",
    ]);
  });
});
