import { describe, expect, it } from "vitest";
import {
  childAt,
  childIndexFor,
  Crabbing,
  isLeaf,
  type Operation,
  type PageHandle,
  rootOf,
} from "../../../src/btree/index.ts";
import {
  BUGS,
  huntScenario,
  parseScenario,
  programOf,
  type Scenario,
  scenarioOfBug,
  shrink,
  SHRINK_BUDGET,
  storyOfHunt,
} from "../../../src/hunt/index.ts";
import {
  BugSearch,
  defaultPortfolio,
  type FailedRun,
  failedRunOf,
  hiddenFailure,
  identityText,
  RandomStrategy,
  Scheduler,
  searched,
  showsBug,
  type Strategy,
} from "../../../src/sim/index.ts";
import { META_PAGE, rightOf } from "../../../src/storage/index.ts";
import { assert, createPrng, type Task } from "../../../src/task/index.ts";
import { TREE_NAMES } from "../../../src/hunt/program/index.ts";

/** Reads with a gap between parent and child, and scans with one between leaf and next leaf. */
class TwoGaps extends Crabbing {
  override readonly name: string = "two-gaps";

  protected override *descendShared(op: Operation, key: Uint8Array): Task<PageHandle> {
    const meta = op.shared(META_PAGE, "meta");
    if (meta.pending) yield meta;
    let page = op.shared(rootOf(meta), "root");
    if (page.pending) yield page;
    meta.release();
    while (!isLeaf(page)) {
      const id = childAt(page, childIndexFor(page, key));
      page.release();
      page = op.shared(id, "child");
      if (page.pending) yield page;
    }
    return page;
  }

  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const id = rightOf(leaf);
    leaf.release();
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next;
  }

  /** And looks in one descent, and adds in another. */
  override *insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (yield* this.get(op, key)) return false;
    yield* this.put(op, key, value);
    return true;
  }
}

const OWN = [new TwoGaps()];

function scenarioOf(text: string): Scenario {
  return { ...parseScenario(text).scenario, protocol: "two-gaps", bug: null };
}

/** What ends the text of a bug that no single switch avoids. */
const NO_CONFLICT = /: no conflict$/;

/** The bugs of one kind that random schedules show, each shrunk; by what it was and became. */
function shrunkBugs(text: string, kind: string, seed: number): Map<string, string> {
  const scenario = scenarioOf(text);
  const scheduler = new Scheduler();
  const program = programOf(scheduler, scenario, OWN);
  const bug = new BugSearch(scheduler, TREE_NAMES);
  const runUnder = (strategy: Strategy): FailedRun | null => {
    scheduler.run(program, strategy);
    return failedRunOf(scheduler, TREE_NAMES);
  };
  const strategy = new RandomStrategy(createPrng(seed));
  const found = new Map<string, string>();
  for (let i = 0; i < 3000; i++) {
    const run = runUnder(strategy);
    if (run?.failureKind !== kind) continue;
    const failure = scheduler.failure ?? hiddenFailure(scheduler);
    assert(failure !== null, "a run that failed has a failure");
    const was = identityText(searched(bug.identify(run), runUnder).identity);
    if (found.has(was)) continue;
    const shrunk = shrink(scenario, { failure, ...run }, { runsMax: 1000 }, OWN);
    found.set(was, identityText(shrunk.identity));
    expect(shrunk.isOneMinimal).toBe(true);
    // It is that of the run that is left, not only what was to be kept.
    const left = new Scheduler();
    const rest = programOf(left, shrunk.scenario, OWN);
    const search = new BugSearch(left, TREE_NAMES);
    const runLeft = (one: Strategy): FailedRun | null => {
      left.run(rest, one);
      return failedRunOf(left, TREE_NAMES);
    };
    const again: FailedRun = {
      failureKind: shrunk.kind,
      identity: { ...shrunk.identity, accesses: run.identity?.accesses ?? null },
      schedule: shrunk.schedule,
      preemptions: shrunk.preemptions,
    };
    const { identity } = searched(search.identify(again), runLeft);
    // Where no single switch avoids what was found, whatever race is left is one of those it took.
    expect(showsBug(shrunk.identity, identity)).toBe(true);
    const said = identityText(shrunk.identity);
    expect([identityText(identity), NO_CONFLICT.exec(said)?.input]).toContain(said);
  }
  return found;
}

describe("shrinking keeps the bug where a protocol has several of one kind", () => {
  it.each([1, 2])("freed pages, on the way down and to the right, seed %i", (seed) => {
    const found = shrunkBugs(
      "capacity 2\ntree [10,20][30]\ntask get 30\ntask scan\ntask delete 30\n",
      "freed-page",
      seed,
    );
    for (const [was, became] of found) expect(became).toBe(was);
    const rules = [...found.keys()].map((text) => /\(.*\)/.exec(text)?.[0]);
    expect(new Set(rules)).toEqual(new Set(["(page)", "(right sibling)"]));
  });

  it("wrong answers, of a reader and of two inserts", () => {
    const found = shrunkBugs(
      "capacity 3\ntree [10,20,30][40]\ntask get 30\ntask insert 15\ntask insert 15\n",
      "not-linearizable",
      1,
    );
    const kept = [...found].filter(([was]) => !NO_CONFLICT.test(was));
    for (const [was, became] of kept) expect(became).toBe(was);
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect(found.size).toBeGreaterThanOrEqual(2);
  });
});

describe("every bug of the bank", () => {
  const bugs = BUGS.filter(({ kind, parts }) => kind === "bug" && parts === undefined);

  it.each(bugs)("$id is 1-minimal within the budget of one second", (bug) => {
    const options = { seed: 1, runsMax: 10_000, strategies: defaultPortfolio };
    const { shrunk } = huntScenario(scenarioOfBug(bug), { ...options, shrink: SHRINK_BUDGET });
    expect(shrunk).toMatchObject({ isOneMinimal: true });
    expect(shrunk?.runs).toBeLessThanOrEqual(SHRINK_BUDGET.runsMax);
  });
});

it("a finding that does not come again is told as a fault of determinism", () => {
  let operations = 0;
  class Forgets extends Crabbing {
    override readonly name: string = "forgets";

    override *get(op: Operation, key: Uint8Array): Task<boolean> {
      const isFound = yield* super.get(op, key);
      return operations++ === 0 ? !isFound : isFound;
    }
  }
  const own = [new Forgets()];
  const scenario = { ...scenarioOf("tree [10]\ntask get 10\n"), protocol: "forgets" };
  const result = huntScenario(scenario, {
    protocols: own,
    seed: 1,
    runsMax: 10,
    strategies: defaultPortfolio,
    shrink: SHRINK_BUDGET,
  });
  expect(result.verdict.finding?.failure.kind).toBe("nondeterminism");
  expect(result.shrunk).toBeNull();
  const story = storyOfHunt(result, own);
  expect(story?.kind).toBe("nondeterminism");
  expect(story?.title).toMatch(/^nondeterminism: a run failed, and its replay did not fail so/);
});
