import { describe, expect, it } from "vitest";
import { LatchworkError, type Task } from "../../src/task/index.ts";
import type {
  CheckpointReport,
  LoggedGroup,
  LogicalRecord,
  RecordHandlers,
} from "../../src/wal/index.ts";
import { CrashingDisk } from "./crashing-disk.ts";
import { ParkingDriver } from "./parking-driver.ts";
import { TinyStore } from "./tiny-store.ts";

function open(disk: CrashingDisk, driver: ParkingDriver): TinyStore {
  return driver.result(TinyStore.open({ disk, driver }));
}

/** A store in which each of these pages was changed and all of it is durable. */
function storeWith(ids: readonly number[]): { disk: CrashingDisk; store: TinyStore } {
  const disk = new CrashingDisk();
  const driver = new ParkingDriver();
  const store = open(disk, driver);
  for (const id of ids) driver.result(store.change([id], 1, id));
  driver.result(store.log.flushTo(store.log.endLsn));
  return { disk, store };
}

function checkpointed(store: TinyStore): CheckpointReport {
  return new ParkingDriver().result(store.checkpoint.run(store.owner));
}

function cleanAll(store: TinyStore): void {
  const driver = new ParkingDriver();
  driver.result(
    (function* (): Task<void> {
      while (yield* store.cleaner.cleanOne(store.owner));
    })(),
  );
}

function faultOf(disk: CrashingDisk): string {
  try {
    open(disk, new ParkingDriver());
  } catch (error) {
    if (error instanceof LatchworkError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "none";
}

describe("recovery", () => {
  it("applies what the pages lack, and nothing the second time", () => {
    const { disk, store } = storeWith([2, 3, 2]);
    disk.crash(() => false);
    const first = open(disk, new ParkingDriver());
    expect(first.report).toMatchObject({ groupsRead: 3, groupsApplied: 3, pagesTouched: 2 });
    expect(first.report.endLsn).toBe(store.log.endLsn);
    expect(checkpointed(first).isSkipped).toBe(false);
    disk.crash(() => false);
    expect(open(disk, new ParkingDriver()).report).toMatchObject({
      groupsRead: 0,
      pagesTouched: 0,
    });
  });

  it("skips what the page file has already", () => {
    const { disk, store } = storeWith([2, 3]);
    cleanAll(store);
    disk.crash(() => true);
    const { report } = open(disk, new ParkingDriver());
    expect(report).toMatchObject({ groupsRead: 2, groupsApplied: 0, imagesRestored: 0 });
  });

  it("restores a page that was torn since the checkpoint from its image", () => {
    const { disk, store } = storeWith([2]);
    checkpointed(store);
    const driver = new ParkingDriver();
    driver.result(store.change([2], 1, 5));
    driver.result(store.change([2], 2, 6));
    cleanAll(store);
    const torn = disk.bytesOf("pages").slice();
    torn.fill(0xee, 2 * 1024 + 512, 3 * 1024);
    disk.put("pages", torn);
    const reopened = open(disk, new ParkingDriver());
    expect(reopened.report).toMatchObject({ groupsApplied: 2, imagesRestored: 1 });
    const body = new ParkingDriver().result(reopened.bodyOf(2));
    expect(body).toBe(`${store.log.endLsn}: 0,7,6,0,0,0,0,0,0,0,0,0,0,0,0,0`);
  });

  it("refuses a damaged page of which the log has operations only", () => {
    const { disk, store } = storeWith([2]);
    checkpointed(store);
    // As a log would be that forgot the image.
    Object.assign(store.log, { imageFloor: 0 });
    const driver = new ParkingDriver();
    driver.result(store.log.flushTo(driver.result(store.change([2], 1, 5))));
    const torn = disk.bytesOf("pages").slice();
    torn.fill(0xee, 2 * 1024 + 512, 3 * 1024);
    disk.put("pages", torn);
    expect(faultOf(disk)).toMatch(
      /^BAD_PAGE pages: page 2 \(offset 2048\): checksum .*, and the log has no image of it$/u,
    );
  });

  it("makes the tail of the log durable before it changes a page", () => {
    const { disk } = storeWith([2]);
    disk.done.length = 0;
    open(disk, new ParkingDriver());
    // Written again: a sync that failed before may have left it in the cache, taken for written.
    expect(disk.done.slice(0, 2)).toEqual([
      "write log-0000000000000001",
      "sync log-0000000000000001",
    ]);
  });

  it("says where redo makes no sense", () => {
    const { disk } = storeWith([2, 2]);
    const parts = { disk, driver: new ParkingDriver() };
    const opening = TinyStore.open({
      ...parts,
      applyRedo: () => {
        throw new LatchworkError("BAD_LOG", "no such operation: 99");
      },
    });
    expect(() => parts.driver.result(opening)).toThrow(
      /^log-0000000000000001: offset \d+: redo of page 2: no such operation: 99$/u,
    );
  });
});

describe("records that are no page's", () => {
  /** A store whose log has pages' changes with records of two trees and a decision between. */
  function mixed(): CrashingDisk {
    const { disk, store } = storeWith([2]);
    const driver = new ParkingDriver();
    store.log.append([], [{ kind: "logical", tree: 1, payload: Uint8Array.of(7, 8) }]);
    driver.result(store.change([3], 1, 3));
    store.log.append(
      [],
      [
        { kind: "decision", transaction: 5_000_000_000, verdict: 2 },
        { kind: "logical", tree: 4_000_000_000, payload: new Uint8Array(0) },
      ],
    );
    driver.result(store.log.flushTo(store.log.endLsn));
    disk.crash(() => false);
    return disk;
  }

  function handlersInto(told: string[]): RecordHandlers {
    const logical = function* ({ tree, payload }: LogicalRecord, { lsn }: LoggedGroup): Task<void> {
      told.push(`${lsn}: ${tree} logs ${[...payload].join()}`);
    };
    return {
      logical: new Map([1, 4_000_000_000].map((tree) => [tree, logical])),
      *decision({ transaction, verdict }, { lsn }) {
        told.push(`${lsn}: ${transaction} ends with ${verdict}`);
      },
    };
  }

  it("are handed over in the order of the log, and again until a checkpoint", () => {
    const disk = mixed();
    for (let attempt = 0; attempt < 2; attempt++) {
      const told: string[] = [];
      const driver = new ParkingDriver();
      const handlers = handlersInto(told);
      const store = driver.result(TinyStore.open({ disk, driver, handlers }));
      expect(store.report).toMatchObject({ groupsRead: 4, pagesTouched: 2 });
      expect(told.map((line) => line.replace(/^\d+: /u, ""))).toEqual([
        "1 logs 7,8",
        "5000000000 ends with 2",
        "4000000000 logs ",
      ]);
      const positions = told.map((line) => Number.parseInt(line, 10));
      expect(positions[1]).toBe(positions[2]);
      expect(positions[2]).toBe(store.report.endLsn);
    }
    const told: string[] = [];
    const driver = new ParkingDriver();
    const store = driver.result(TinyStore.open({ disk, driver, handlers: handlersInto(told) }));
    checkpointed(store);
    told.length = 0;
    driver.result(TinyStore.open({ disk, driver, handlers: handlersInto(told) }));
    expect(told).toEqual([]);
  });

  it("are refused before any page is changed if nobody is registered for them", () => {
    const disk = mixed();
    disk.done.length = 0;
    expect(faultOf(disk)).toMatch(
      /^BAD_LOG log-0{15}1: offset \d+: a logical record of tree 1, and nobody is registered to redo it$/u,
    );
    expect(disk.done).toEqual([]);
  });
});

describe("a checkpoint", () => {
  it("does nothing if nothing has happened", () => {
    const { disk, store } = storeWith([2]);
    expect(checkpointed(store)).toMatchObject({ isSkipped: false, pages: 1 });
    disk.done.length = 0;
    expect(checkpointed(store)).toMatchObject({ isSkipped: true, pages: 0 });
    expect(disk.done).toEqual([]);
  });

  it("syncs the pages, then replaces the control file, then removes segments", () => {
    const { disk, store } = storeWith([2, 3, 4, 5, 6]);
    disk.done.length = 0;
    const { redoLsn } = checkpointed(store);
    const done = disk.done.filter((entry) => !entry.startsWith("write pages"));
    expect(done).toEqual([
      "sync pages",
      "create control.new",
      "write control.new",
      "sync control.new",
      "rename control.new control",
      "sync directory",
    ]);
    expect(redoLsn).toBe(store.log.endLsn);
    expect(store.checkpoint.control).toMatchObject({ redoLsn, checkpoints: 1 });
  });

  it("poisons the log if the page file cannot be synced, and moves nothing", () => {
    const { disk, store } = storeWith([2]);
    disk.syncsLeft = 0;
    expect(() => checkpointed(store)).toThrow("pages: a sync failed: pages: input/output error");
    expect(store.log.state).toBe("failed");
    expect(store.checkpoint.control.checkpoints).toBe(0);
    expect(disk.done.at(-1)).toBe("sync pages");
  });

  it("lets the next change of each page be an image, once", () => {
    const { store } = storeWith([2]);
    checkpointed(store);
    const before = store.log.stats().images;
    const driver = new ParkingDriver();
    driver.result(store.change([2], 1, 1));
    driver.result(store.change([2], 1, 1));
    expect(store.log.stats().images - before).toBe(1);
  });
});
