import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Operation, type Protocol, PROTOCOLS } from "../../src/btree/index.ts";
import {
  checkHistory,
  checkOrder,
  type History,
  type Verdict,
} from "../../src/linearizability/index.ts";
import { PartitionedEngine } from "../../src/engine/index.ts";
import type { Task } from "../../src/task/index.ts";
import { SameProtocol } from "../support/planted-protocols.ts";
import {
  type OpenLevel,
  openSmall,
  RealRun,
  throughEngine,
  throughLevel,
} from "../support/real-run.ts";
import { treeMap } from "../support/run-models.ts";
import { budget } from "../campaign.ts";

/** More than any of these needs; beyond it a verdict is unknown. */
const BUDGET = { memoryBytes: 200_000_000 };
/** Partitions are above the protocol, so that some will do. */
const UNDER = budget({ short: PROTOCOLS.slice(-1), campaign: PROTOCOLS });
const CLIENTS = budget({ short: 24, campaign: 64 });
// `npm run histories` has each of them do more.
const EACH = 10;

let place = "";
let levels: OpenLevel[] = [];

async function opened(
  protocol: string,
  change?: OpenLevel["change"],
  partitions: number = 1,
): Promise<OpenLevel> {
  const level = await openSmall(place, protocol, change, partitions);
  levels.push(level);
  return level;
}

function judge(history: History, scan: "atomic" | "per-key"): Verdict["kind"] {
  return checkHistory(history, treeMap(), { ...BUDGET, scan }).kind;
}

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "latchwork-real-"));
  levels = [];
});

afterEach(async () => {
  await Promise.all(levels.map((level) => level.close()));
  rmSync(place, { recursive: true, force: true });
});

describe.each(PROTOCOLS)("real runs under $name", ({ name: protocol }) => {
  const load = { clients: CLIENTS, each: EACH, keys: 200 };

  it("through abstract-level are linearizable, also across close and open", async () => {
    const run = new RealRun();
    const before = await opened(protocol);
    await run.work(throughLevel(before), { ...load, seed: "before" });
    await before.close();
    const after = await opened(protocol);
    await run.look(throughLevel(after));
    await run.work(throughLevel(after), { ...load, each: 4, seed: "after" });
    await run.look(throughLevel(after));
    const history = run.history();
    expect(history.operations.length).toBeGreaterThan(CLIENTS * EACH);
    expect(judge(history, "per-key")).toBe("linearizable");
  });

  it("of the engine itself are linearizable, with every answer it gives, on hot keys", async () => {
    const run = new RealRun();
    const level = await opened(protocol);
    await run.work(throughEngine(level), { ...load, keys: 8, seed: "engine" });
    await run.look(throughEngine(level));
    expect(judge(run.history(), "per-key")).toBe("linearizable");
  });
});

describe.each(UNDER)("real runs in three partitions under $name", ({ name: protocol }) => {
  it("are linearizable, with batches over them, also across close and open", async () => {
    const run = new RealRun();
    const load = { clients: CLIENTS, each: EACH, keys: 60 };
    const before = await opened(protocol, undefined, 3);
    await run.work(throughLevel(before), { ...load, seed: "before" });
    await before.close();
    const after = await opened(protocol, undefined, 3);
    expect(after.engine).toBeInstanceOf(PartitionedEngine);
    await run.look(throughLevel(after));
    await run.work(throughEngine(after), { ...load, keys: 8, each: 4, seed: "after" });
    await run.look(throughLevel(after));
    expect(judge(run.history(), "per-key")).toBe("linearizable");
  });
});

describe.each(PROTOCOLS.filter(({ scanPromise }) => scanPromise === "atomic"))(
  "scans of real runs under $name",
  ({ name: protocol }) => {
    it("are each of one moment", async () => {
      const run = new RealRun();
      const level = await opened(protocol);
      await run.work(throughEngine(level), { clients: 12, each: 12, keys: 12, seed: "atomic" });
      await run.look(throughEngine(level));
      expect(judge(run.history(), "atomic")).toBe("linearizable");
    });

    // So many at once are too much for a search, and the engine knows the order itself.
    it("are each of one moment, in the order in which the tree was latched", async () => {
      const run = new RealRun();
      const level = await opened(protocol);
      await run.work(throughEngine(level), {
        clients: CLIENTS,
        each: 20,
        keys: 200,
        seed: "order",
      });
      await run.look(throughEngine(level));
      const history = run.history();
      expect(level.order.length).toBe(history.operations.length);
      expect(checkOrder(history, treeMap(), level.order)).toBeNull();
      const last = level.order.at(-1) ?? 0;
      const wrong = [last, ...level.order.slice(0, -1)];
      expect(checkOrder(history, treeMap(), wrong)).not.toBeNull();
    });
  },
);

/** Bug D4 as in real life: between the look and the leap, the loop turns. */
class LeapsLater extends SameProtocol {
  readonly #level: OpenLevel;

  constructor(right: Protocol, level: OpenLevel) {
    super(right);
    this.#level = level;
  }

  override *insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (yield* this.right.get(op, key)) return false;
    yield this.#level.loop.sleep(0);
    yield* this.right.put(op, key, value);
    return true;
  }
}

describe.each(PROTOCOLS)("a real run under $name", ({ name: protocol }) => {
  it("is refuted if an insert looks and leaps later", async () => {
    const run = new RealRun();
    const level = await opened(protocol, (right, own) => new LeapsLater(right, own));
    // In real time: with fewer clients there are runs in which no two of them meet.
    const load = { clients: 64, each: 6, keys: 4, seed: "leap" };
    await run.work(throughEngine(level), load);
    expect(judge(run.history(), "per-key")).toBe("not-linearizable");
  });
});
