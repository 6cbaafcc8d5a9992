import { describe, expect, it } from "vitest";
import {
  BLink,
  Crabbing,
  Foster,
  type Operation,
  type Protocol,
  type RowSink,
  type ScanRange,
  type TreeStore,
} from "../../src/btree/index.ts";
import { CrashProgram, huntRandom, parseScenario } from "../../src/hunt/index.ts";
import type { LatchId, LatchOrder } from "../../src/latch/index.ts";
import { Explorer, RandomStrategy, Scheduler, type Strategy } from "../../src/sim/index.ts";
import type { PageId, Reclamation } from "../../src/storage/index.ts";
import { assert, createPrng, type Task } from "../../src/task/index.ts";
import { budget } from "../campaign.ts";
import { NeverFinishes } from "../support/never-finishes.ts";

/** One protocol until the first crash of each run, and then another. */
class ThenAnother implements Protocol {
  readonly name: string = "then-another";
  readonly scanPromise = "per-key";
  /** What the trees of the second part have counted. */
  readonly finished = { splits: 0, pages: 0 };
  readonly #protocols: readonly [Protocol, Protocol];
  #opened = 0;
  #last: TreeStore | null = null;

  constructor(first: Protocol, second: Protocol) {
    this.#protocols = [first, second];
  }

  get reclamation(): Reclamation {
    return this.#current.reclamation ?? "at-once";
  }

  get leavesUnfinished(): boolean {
    return this.#current.leavesUnfinished === true;
  }

  get keepsLeftLinks(): boolean {
    return this.#current.keepsLeftLinks !== false;
  }

  /** Asked once whenever the database is opened, which each run does twice. */
  latchOrder(store: TreeStore): LatchOrder {
    this.count();
    this.#opened++;
    this.#last = this.#opened % 2 === 0 ? store : null;
    return this.#current.latchOrder(store);
  }

  /** Counts what the last tree finished. */
  count(): void {
    const { splitsFinished = 0, pagesUnlinked = 0 } = this.#last?.linkCounts ?? {};
    this.finished.splits += splitsFinished;
    this.finished.pages += pagesUnlinked;
    this.#last = null;
  }

  coveringLatch(page: PageId): LatchId {
    return this.#current.coveringLatch(page);
  }

  get(op: Operation, key: Uint8Array): Task<boolean> {
    return this.#current.get(op, key);
  }

  put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#current.put(op, key, value);
  }

  insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    return this.#current.insert(op, key, value);
  }

  delete(op: Operation, key: Uint8Array): Task<boolean> {
    return this.#current.delete(op, key);
  }

  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return this.#current.scan(op, range, sink);
  }

  get #current(): Protocol {
    return this.#protocols[this.#opened % 2 === 1 ? 0 : 1];
  }
}

function hunt(first: Protocol, second: Protocol, text: string) {
  const { scenario } = parseScenario(text);
  const { durability } = scenario;
  assert(durability !== undefined, "the scenario has a disk");
  const scheduler = new Scheduler();
  const protocol = new ThenAnother(first, second);
  const program = new CrashProgram(scheduler, scenario, durability, protocol, new Crabbing());
  const strategies = [new RandomStrategy(createPrng("then another"))];
  const options = { runsMax: budget({ short: 150, campaign: 10_000 }) };
  const { finding } = new Explorer(scheduler).explore(program, strategies, options);
  protocol.count();
  return { finding, ...protocol.finished };
}

const SPLITS =
  "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask insert 35 then get 40\n" +
  "crashes 1\nafter scan then insert 17 then insert 37\n";
const MERGES =
  "capacity 2\ntree [10][20][30][40]\ntask delete 10 then delete 20\ntask delete 40\n" +
  "crashes 1\nafter scan-back then delete 30\n";

describe("a database that crashed under b-link, with splits and merges unfinished", () => {
  it("is finished when it is opened under crabbing: splits", () => {
    const { finding, splits } = hunt(new NeverFinishes(), new Crabbing(), SPLITS);
    expect(finding).toBeNull();
    expect(splits).toBeGreaterThan(0);
  });

  it("is finished when it is opened under crabbing: merges", () => {
    const { finding, pages } = hunt(new NeverFinishes(), new Crabbing(), MERGES);
    expect(finding).toBeNull();
    expect(pages).toBeGreaterThan(0);
  });

  it("is finished by the writers that come by when it is opened under b-link", () => {
    const { finding, splits } = hunt(new NeverFinishes(), new BLink(), SPLITS);
    expect(finding).toBeNull();
    expect(splits).toBeGreaterThan(0);
  });

  it("loses nothing in random scenarios", () => {
    const protocols = [new NeverFinishes()];
    const shape = { protocol: "never-finishes", bug: null, crashes: 2 };
    const runsMax = budget({ short: 300, campaign: 20_000 });
    const strategies = (): Strategy[] => [new RandomStrategy(createPrng("never finishes"))];
    const options = { protocols, shrink: null, seed: 3, runsMax, strategies };
    expect(huntRandom(shape, options).verdict.finding).toBeNull();
  });
});

it("a database that crashed under crabbing has nothing to finish", () => {
  const { finding, splits } = hunt(new Crabbing(), new BLink(), SPLITS);
  expect([finding, splits]).toEqual([null, 0]);
});

const FOSTERING =
  "capacity 2\ntree [10,20][30,40]\ntask insert 15 then insert 17\ntask insert 35 then delete 40\n" +
  "crashes 1\nafter scan-back then insert 16 then delete 30 then scan\n";

describe("a database that crashed under foster, with pages to be adopted and stale left links", () => {
  it.each([
    ["crabbing", new Crabbing()],
    ["b-link", new BLink()],
    ["foster", new Foster()],
  ])("is put right when it is opened under %s", (_, second) => {
    const { finding, splits } = hunt(new Foster(), second, FOSTERING);
    expect(finding).toBeNull();
    expect(splits).toBeGreaterThan(0);
  });

  it("is put right in as many attempts as it takes, if that crashes too", () => {
    for (const other of [new Crabbing(), new BLink()]) {
      const text = FOSTERING.replace("crashes 1", "crashes 2");
      expect(hunt(new Foster(), other, text).finding).toBeNull();
    }
  });
});

describe("a database that crashed under b-link, opened under foster", () => {
  it.each([
    ["splits", SPLITS],
    ["merges", MERGES],
  ])("has its %s finished first", (_, text) => {
    const { finding, splits, pages } = hunt(new NeverFinishes(), new Foster(), text);
    expect(finding).toBeNull();
    expect(splits + pages).toBeGreaterThan(0);
  });
});
