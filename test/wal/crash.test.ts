import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lsn, type Lsn, lsnOf, type PageView } from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";
import { Checkpoint, Log, Recovery } from "../../src/wal/index.ts";
import { CrashingDisk } from "./crashing-disk.ts";
import { ParkingDriver } from "./parking-driver.ts";
import { type Applied, type TinyParts, TinyStore } from "./tiny-store.ts";
import { budget } from "../campaign.ts";

const PAGES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] as const;

type Act =
  | { readonly kind: "change" | "batch"; readonly ids: readonly number[]; readonly place: number }
  | { readonly kind: "wait" | "clean" | "checkpoint" };

const place = fc.nat(15);
const ids = fc.uniqueArray(fc.constantFrom(...PAGES), { minLength: 1, maxLength: 4 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("change" as const), ids, place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("batch" as const), ids, place }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("wait", "clean", "checkpoint") }) },
);

interface Life {
  readonly acts: readonly Act[];
  /** Steps after which power is lost. */
  readonly steps: number;
  /** Which sectors survive, over and over. */
  readonly survives: readonly boolean[];
  readonly seed: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 12 }),
  steps: fc.nat(100),
  survives: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  seed: fc.nat(10_000),
});

function driverOf(seed: number): ParkingDriver {
  let drawn = seed;
  return new ParkingDriver((count) => {
    drawn = (drawn * 1103 + 12345) % 65537;
    return drawn % count;
  });
}

function lose(disk: CrashingDisk, survives: readonly boolean[]): void {
  let sector = 0;
  disk.crash(() => survives[sector++ % survives.length] ?? false);
}

function* perform(store: TinyStore, doing: Act, value: number): Task<void> {
  const { log, cleaner, owner, checkpoint } = store;
  if (doing.kind === "change") {
    yield* log.waitDurable(yield* store.change(doing.ids, doing.place, value));
  } else if (doing.kind === "batch") {
    yield* log.waitDurable(yield* store.batch(doing.ids, doing.place, value));
  } else if (doing.kind === "wait") yield* log.waitDurable(log.endLsn);
  else if (doing.kind === "clean") yield* cleaner.cleanOne(owner);
  else if (!store.isCheckpointing) {
    store.isCheckpointing = true;
    yield* checkpoint.run(owner);
    store.isCheckpointing = false;
  }
}

/** Lives of one store, each ended by a crash; what is found after each is what had to be there. */
class Lives {
  readonly disk = new CrashingDisk();
  readonly #parts: TinyParts;
  #history: Applied[] = [];
  #durable: Lsn = lsn(1);

  constructor(parts: TinyParts = {}, zerosAhead: number = 0) {
    this.#parts = parts;
    this.disk.zerosAhead = zerosAhead;
  }

  live({ acts, steps, survives, seed }: Life): void {
    const driver = driverOf(seed);
    const store = driver.result(TinyStore.open({ ...this.#parts, disk: this.disk, driver }));
    this.#judge(store, driver);
    store.history.push(...this.#history);
    for (const [index, doing] of acts.entries()) {
      driver.add(perform(store, doing, index + 1));
      // Some of them meet in flight, others come one after the other.
      driver.run(seed % 60);
    }
    driver.run(steps);
    for (const fault of driver.faults.values()) throw fault;
    this.#history = store.history;
    this.#durable = store.log.durableLsn;
    lose(this.disk, survives);
  }

  /** Opens the store and loses power in the midst of that. */
  failToOpen({ steps, survives, seed }: Life): void {
    const driver = driverOf(seed);
    driver.add(TinyStore.open({ ...this.#parts, disk: this.disk, driver }));
    driver.run(steps % 40);
    lose(this.disk, survives);
  }

  #judge(store: TinyStore, driver: ParkingDriver): void {
    const { endLsn } = store.report;
    if (endLsn < this.#durable) throw new Error(`${this.#durable} was durable, ${endLsn} is left`);
    const first = this.#history.find(({ position }) => position > endLsn);
    if (first?.isMidBatch === true) throw new Error("a batch is there by half");
    for (const id of PAGES) {
      const found = driver.result(store.bodyOf(id));
      const expected = TinyStore.bodyAfter(this.#history, endLsn, id);
      if (found !== expected) throw new Error(`page ${id} is ${found}, expected ${expected}`);
    }
    this.#history = this.#history.filter(({ position }) => position <= endLsn);
  }
}

function check(
  parts: TinyParts,
  parameters: fc.Parameters<[Life[]]>,
  zerosAhead: number = 0,
): void {
  const property = fc.property(fc.array(life, { minLength: 2, maxLength: 4 }), (list) => {
    const lives = new Lives(parts, zerosAhead);
    for (const one of list) {
      lives.live(one);
      lives.failToOpen(one);
    }
    lives.live({ acts: [], steps: 0, survives: [false], seed: 1 });
  });
  fc.assert(property, parameters);
}

class RecordTooSoon extends Checkpoint {
  protected override *complete(begin: Lsn): Task<void> {
    yield* this.writeRecord(begin);
    yield* this.syncPages();
  }
}

class OneTooMany extends Recovery {
  protected override shouldApply(page: PageView, position: Lsn): boolean {
    return lsnOf(page) <= position;
  }
}

class NoImages extends Log {
  protected override needsImage(): boolean {
    return false;
  }
}

class NoSync extends Log {
  protected override *syncSegment(): Task<void> {}
}

class HalfBatches extends Log {
  override beginBatch(): void {}
  override endBatch(): void {}
}

describe("a store that crashes, over and over", () => {
  it("has every change up to one position, none after it, and all that was durable", () => {
    expect(() => check({}, { numRuns: budget({ short: 50, campaign: 300 }) })).not.toThrow();
  });

  it.each([100, 3000])("and so if the log has room of %i zeros ahead of its end", (zeros) => {
    expect(() => check({}, { numRuns: budget({ short: 25, campaign: 150 }) }, zeros)).not.toThrow();
  });

  // The seed is pinned, so that what is found once is found always.
  it.each<[string, TinyParts]>([
    [
      "its checkpoint's record comes before the sync",
      { makeCheckpoint: (o) => new RecordTooSoon(o) },
    ],
    ["redo applies what a page has already", { makeRecovery: (o) => new OneTooMany(o) }],
    ["pages are never logged as images", { makeLog: (parts) => new NoImages(parts) }],
    ["the log is not synced", { makeLog: (parts) => new NoSync(parts) }],
    ["batches may be written by halves", { makeLog: (parts) => new HalfBatches(parts) }],
  ])("is found out if %s", (_, parts) => {
    const parameters = { numRuns: 2000, seed: 3, endOnFailure: true };
    expect(() => check(parts, parameters)).toThrow("Property failed");
  });
});
