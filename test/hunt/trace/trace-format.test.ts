import { readFileSync } from "node:fs";
import { afterAll, assert, describe, expect, it } from "vitest";
import { childAt, copyKey, countOf, isLeaf, rootOf } from "../../../src/btree/index.ts";
import {
  bugNamed,
  huntScenario,
  parseReplay,
  parseScenario,
  replayScenario,
  type Scenario,
  scenarioOfBug,
  type ScenarioProgram,
  TraceRecorder,
  traceText,
} from "../../../src/hunt/index.ts";
import { LatchGuard, latchId, type LatchRequest, modeLetter } from "../../../src/latch/index.ts";
import { defaultPortfolio, type Scheduler } from "../../../src/sim/index.ts";
import { FIRST_TREE_PAGE, pageId, pageIdOf } from "../../../src/storage/index.ts";
import { type Holder, TraceReader } from "./trace-reader.ts";

interface Ask {
  readonly task: number;
  readonly latch: number;
  readonly mode: string;
  readonly isBlocked: boolean;
}

/** What the simulator has, and what the reader must have rebuilt. */
interface Moment {
  readonly step: number;
  readonly holders: Record<number, Holder[]>;
  readonly queues: Record<number, Holder[]>;
  /** By task, the latch that its next step asks for: whether that can be had, or is waited for. */
  readonly asks: readonly Ask[];
  readonly pages: Record<number, string>;
}

const RUNS: readonly (readonly [what: string, replay: string])[] = [
  ["a split that a reader does not see", findingOf("C1")],
  ["a deadlock", findingOf("C6")],
  ["upgrades that wait for each other", findingOf("C11")],
  [
    "merges and a new root",
    "LW1:protocol crabbing;capacity 2;tree [10][20];task delete 10;task get 20;schedule aba4b#0",
  ],
  [
    "queues of readers and writers",
    "LW1:protocol crabbing;capacity 3;tree [10,20];task get 10;task put 15;task scan;task put 16;" +
      "schedule abcdabcdbcd#0",
  ],
  ["a crash and a recovery", findingOf("W1")],
  ["waiters at barging latches", contended("barging")],
  ["waiters at writer-preferring latches", contended("writer-preferring")],
];

const seen = { queues: 0, blocked: 0 };
afterAll(() => {
  assert(seen.queues > 5, "the runs show tasks that wait");
  assert(seen.blocked > 5, "the runs show tasks that wait outside queues");
});

describe("the lines of a trace", () => {
  it.each(RUNS)("redraw latches, queues and tree after each step: %s", (_, replay) => {
    const { scenario, schedule } = readRun(replay);
    const moments: Moment[] = [];
    let recorder: TraceRecorder | null = null;
    const listen = (scheduler: Scheduler, program: ScenarioProgram): void => {
      const momentOf = (step: number): Moment => momentIn(step, scheduler, program);
      recorder = new TraceRecorder(scheduler, program);
      const { onStep } = scheduler;
      scheduler.onStep = (task, step) => {
        moments.push(momentOf(scheduler.steps - 1));
        onStep?.(task, step);
      };
    };
    const { scheduler, program } = replayScenario(scenario, schedule, listen, [], "loose");
    moments.push(momentIn(scheduler.steps, scheduler, program));
    expect(recorder).not.toBeNull();
    const reader = new TraceReader(traceText(scenario, schedule, [], "loose"));
    expect(moments.length).toBeGreaterThan(5);
    for (const step of moments) if (Object.keys(step.queues).length > 0) seen.queues++;
    for (const moment of moments) {
      reader.readTo(moment.step);
      expect({
        step: moment.step,
        holders: sorted(reader.holders),
        queues: Object.fromEntries(reader.queues),
        asks: moment.asks,
        pages: drawn(reader, moment),
      }).toEqual(moment);
      compareBlocked(reader, moment);
    }
  });

  it("tell of the tasks that a deadlock stops before they ask", () => {
    const { scenario, schedule } = readRun(RUNS[1]?.[1] ?? "");
    const reader = new TraceReader(traceText(scenario, schedule));
    reader.readTo(Number.POSITIVE_INFINITY);
    const { cycle } = reader.verdict["failure"] as { cycle: readonly { task: number }[] };
    const queued = [...reader.queues.values()].flat();
    for (const { task } of cycle) {
      const waits = reader.blocked.has(task) || queued.some((one) => one.task === task);
      expect(waits, `task ${task}`).toBe(true);
    }
    expect(reader.blocked.size).toBeGreaterThan(0);
  });

  it("are the same bytes each time", () => {
    for (const [, replay] of RUNS) {
      const { scenario, schedule } = readRun(replay);
      const texts = [1, 2].map(() => traceText(scenario, schedule, [], "loose"));
      expect(texts[0]).toBe(texts[1]);
    }
  });

  it("begin with what they are of, and end with the verdict", () => {
    const { scenario, schedule } = readRun(RUNS[1]?.[1] ?? "");
    const { header, verdict } = new TraceReader(traceText(scenario, schedule));
    expect(header).toMatchObject({ format: "latchwork-trace", version: 1, protocol: "crabbing" });
    expect(verdict).toMatchObject({ kind: "verdict", failure: { kind: "deadlock" } });
  });
});

describe("docs/trace-format.md", () => {
  const page = readFileSync(new URL("../../../docs/trace-format.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/```jsonl\n([\s\S]*?)```/g)].map(([, block = ""]) => block);

  it("shows a trace as it is written", () => {
    const [example = ""] = blocks;
    const { replay } = JSON.parse(example.split("\n")[0] ?? "") as { replay: string };
    const { scenario, schedule } = parseReplay(replay);
    const written = traceText(scenario, schedule).split("\n");
    const shown = example.split("\n");
    let at = 0;
    for (const line of shown) {
      if (line === "...") {
        at = written.indexOf(shown[shown.indexOf(line) + 1] ?? "");
        continue;
      }
      expect(written[at]).toBe(line);
      at++;
    }
  });

  it("names every kind of fact", () => {
    const source = readFileSync(new URL("../../../src/task/facts.ts", import.meta.url), "utf8");
    const kinds = [...source.matchAll(/"((?:[a-z]+-)+[a-z]+|crash|sleep|pause|release|custom)"/g)];
    expect(kinds.length).toBeGreaterThan(50);
    for (const [, kind] of kinds) expect(page).toContain(`\`${kind}\``);
  });
});

/** The line that replays what a hunt for a planted bug finds. */
function findingOf(bug: string): string {
  const { replay } = huntScenario(scenarioOfBug(bugNamed(bug)), {
    seed: 1,
    runsMax: 20_000,
    strategies: (seed) => defaultPortfolio(seed),
  });
  assert(replay !== null, "a planted bug is found");
  return replay;
}

/** Four tasks at a few latches, in turns. */
function contended(fairness: string): string {
  return (
    `LW1:protocol crabbing;capacity 3;fairness ${fairness};tree [10,20];task get 10;task put 15;` +
    `task scan;task put 16;schedule ${"abcd".repeat(12)}#0`
  );
}

/** Whoever is blocked is told to be, and whoever is told to be has asked for nothing since. */
function compareBlocked(reader: TraceReader, { asks }: Moment): void {
  const blocked = asks.filter(({ isBlocked }) => isBlocked);
  seen.blocked += blocked.length;
  for (const { task, latch, mode } of blocked) {
    expect(reader.blocked.get(task)).toEqual({ latch, mode });
  }
  for (const [task, request] of reader.blocked) {
    expect(asks.find((ask) => ask.task === task)).toMatchObject(request);
  }
}

function asksIn({ tasks, failure }: Scheduler): Ask[] {
  return tasks.flatMap(({ id, step }) => {
    if (!(step instanceof LatchGuard) || step.state !== "wanted") return [];
    const isStopped = failure?.cycle?.some(({ task }) => task === id) ?? false;
    const isBlocked = (isStopped || !step.isEnabled(id)) && !step.latch.canGrant(step);
    return [{ task: id, latch: step.latch.id, mode: modeLetter(step.mode), isBlocked }];
  });
}

/** A replay line, also one whose digest was not worked out. */
function readRun(replay: string): { readonly scenario: Scenario; readonly schedule: string } {
  if (!replay.endsWith("#0")) return parseReplay(replay);
  const body = replay.slice("LW1:".length, -"#0".length).replaceAll(";", "\n");
  const { scenario, schedule } = parseScenario(body);
  return { scenario, schedule: schedule ?? "" };
}

function momentIn(step: number, scheduler: Scheduler, program: ScenarioProgram): Moment {
  const holders: Record<number, Holder[]> = {};
  const queues: Record<number, Holder[]> = {};
  const asks = asksIn(scheduler);
  const tree = program.isOpen ? program.trees()[0] : undefined;
  if (tree === undefined) return { step, holders, queues, asks, pages: {} };
  const { latches, space } = tree.store;
  const count = Math.max(space.highWater, 8);
  for (let id = 0; id < count; id++) {
    const latch = latches.latch(latchId(id));
    const holding = latch.holders.map((guard) => ({
      task: guard.owner.taskId,
      mode: modeLetter(guard.heldMode),
    }));
    const waiting = latch.waiting().map((guard) => requestOf(guard));
    if (holding.length > 0) holders[id] = holding.toSorted(byTask);
    if (waiting.length > 0) queues[id] = waiting;
  }
  const pages: Record<number, string> = {};
  for (let id: number = FIRST_TREE_PAGE; id < space.highWater; id++) {
    const page = tree.pages.frame(pageId(id));
    if (space.isFree(pageId(id)) || pageIdOf(page) === 0) continue;
    const keys = Array.from({ length: countOf(page) }, (_, i) => {
      const key = Buffer.from(copyKey(page, i)).toString("hex");
      return isLeaf(page) ? key : `${key}>${childAt(page, i)}`;
    });
    pages[id] = keys.join(",");
  }
  pages[0] = `root ${rootOf(tree.pages.frame(pageId(0)))}`;
  return { step, holders, queues, asks, pages };
}

function requestOf(guard: LatchRequest): Holder {
  return { task: guard.owner.taskId, mode: modeLetter(guard.mode) };
}

function byTask(a: Holder, b: Holder): number {
  return a.task - b.task;
}

function sorted(lists: ReadonlyMap<number, Holder[]>): Record<number, Holder[]> {
  return Object.fromEntries(
    [...lists].map(([latch, list]) => [latch, list.toSorted(byTask)] as const),
  );
}

/** The pages as the test draws them; nothing where the simulator has no tree to compare with. */
function drawn(reader: TraceReader, { pages }: Moment): Record<number, string> {
  if (Object.keys(pages).length === 0) return {};
  const found: Record<number, string> = {};
  for (const [id, state] of reader.pages) {
    const { kind, root, entries } = state as {
      kind: string;
      root?: number;
      entries?: readonly { key: string; child?: number }[];
    };
    if (kind === "meta") found[id] = `root ${root}`;
    else if (kind !== "space-map") {
      found[id] = (entries ?? [])
        .map(({ key, child }) => (child === undefined ? key : `${key}>${child}`))
        .join(",");
    }
  }
  return found;
}
