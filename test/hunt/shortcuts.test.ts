import { describe, expect, it } from "vitest";
import {
  type AtOnce,
  CachedPathAtOnce,
  Crabbing,
  type Operation,
  PagesAtOnce,
  type Protocol,
  withShortcuts,
} from "../../src/btree/index.ts";
import { huntRandom, huntScenario, parseScenario } from "../../src/hunt/index.ts";
import { DepthFirstStrategy, PctStrategy } from "../../src/sim/index.ts";
import type { PageId } from "../../src/storage/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { WITH_SHORTCUTS } from "../support/with-shortcuts.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

// What operations do at once is run under the simulator as it is shipped: see at-once.ts.

/** A task that comes back to a leaf that others split, merge, free and use anew meanwhile. */
const SPLIT = "capacity 3\ntree [10,20,30][40]\ntask get 30 then get 30\ntask insert 15\n";
const MERGE =
  "capacity 3\ntree [10][20][30]\ntask get 20 then get 20\ntask delete 10 then delete 20\n";
const SCHEDULES_MAX = budget({ short: 500, campaign: 100_000 });
const WRITES =
  "capacity 3\ntree [10,20,30][40]\ntask put 30 then put 30\ntask insert 15\ntask get 30\n";

function allSchedules(protocol: Protocol, text: string, runsMax = 100_000) {
  const { scenario } = parseScenario(text);
  const strategies = () => [new DepthFirstStrategy()];
  const options = { protocols: [protocol], shrink: null, seed: 1, runsMax, strategies };
  return huntScenario({ ...scenario, protocol: protocol.name, bug: null }, options).verdict;
}

function drawn(protocol: Protocol, runsMax: number, crashes: number) {
  const strategies = (seed: string) => [new PctStrategy(createPrng(seed), 3)];
  const options = { protocols: [protocol], shrink: null, seed: 3, runsMax, strategies };
  const shape = { protocol: protocol.name, bug: null };
  return huntRandom(crashes === 0 ? shape : { ...shape, crashes }, options).verdict;
}

describe.each(WITH_SHORTCUTS)("$name", (protocol) => {
  it.each([SPLIT, MERGE])("is right in the schedules of %j", (text) => {
    const { finding, coverage } = allSchedules(protocol, text, SCHEDULES_MAX);
    expect(finding).toBeNull();
    expect(coverage[0]?.exhausted === true || !IS_CAMPAIGN).toBe(true);
  });

  it("is right where three tasks write and read", () => {
    expect(
      allSchedules(protocol, WRITES, budget({ short: 300, campaign: 5000 })).finding,
    ).toBeNull();
  });

  it("is clean on drawn scenarios, in memory and after crashes", () => {
    expect(drawn(protocol, budget({ short: 100, campaign: 500 }), 0).finding).toBeNull();
    expect(drawn(protocol, budget({ short: 30, campaign: 100 }), 2).finding).toBeNull();
  });
});

/** Counts what is carried out at once and what is not. */
class Counting extends Crabbing {
  readonly outcomes = { atOnce: 0, byLatches: 0 };

  override atOnce(pathCache: boolean): AtOnce {
    const real = super.atOnce(pathCache);
    const noted = (outcome: boolean | null): boolean | null => {
      this.outcomes[outcome === null ? "byLatches" : "atOnce"]++;
      return outcome;
    };
    return {
      get: (op, key) => noted(real.get(op, key)),
      put: (op, key, value) => noted(real.put(op, key, value)),
      insert: (op, key, value) => noted(real.insert(op, key, value)),
      delete: (op, key) => noted(real.delete(op, key)),
    };
  }
}

describe("operations at once under the simulator", () => {
  it("are both carried out and refused, so that hunts see the way there and back", () => {
    const protocol = new Counting();
    drawn(withShortcuts(protocol, { atOnce: true }), 3000, 0);
    expect(protocol.outcomes.atOnce).toBeGreaterThan(300);
    expect(protocol.outcomes.byLatches).toBeGreaterThan(50);
  });
});

/** Takes a remembered page for right though its upper half was moved away. */
class ForgetsTheHighFence extends CachedPathAtOnce {
  protected override isRight({ spot, store }: Operation, level: number): boolean {
    return this.isOfLevel(spot, level) && store.params.pageSize > 0;
  }
}

/** Reads a remembered page whatever has become of it. */
class ReadsFreedPages extends CachedPathAtOnce {
  protected override look(op: Operation, id: PageId): boolean {
    return op.store.memory.glance(id, op.spot);
  }
}

/** Changes a leaf that somebody else is changing: what is logged first comes second. */
class WritesUnderLatches extends PagesAtOnce {
  protected override look(op: Operation, id: PageId): boolean {
    return !op.store.space.isFree(id) && op.store.memory.glance(id, op.spot);
  }

  protected override isFreeToChange(): boolean {
    return true;
  }
}

function withBug(atOnce: AtOnce): Protocol {
  class Planted extends Crabbing {
    override atOnce(): AtOnce {
      return atOnce;
    }
  }
  return withShortcuts(new Planted(), { atOnce: true });
}

describe("a shortcut with a planted bug is found", () => {
  it.each([
    ["forgets the high fence", new ForgetsTheHighFence(), SPLIT],
    ["reads freed pages", new ReadsFreedPages(), MERGE],
    ["writes under latches", new WritesUnderLatches(), null],
  ])("%s", (_, atOnce, text) => {
    const protocol = withBug(atOnce);
    const { finding } = text === null ? drawn(protocol, 4000, 2) : allSchedules(protocol, text);
    expect(finding).not.toBeNull();
  });
});
