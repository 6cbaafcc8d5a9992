import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lsn } from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";
import { inspectLog, type LogContents, type LoggedGroup } from "../../src/wal/index.ts";
import { BytePages } from "./changes.ts";
import type { CrashingDisk } from "./crashing-disk.ts";
import { openFixture, scanOf, textOfGroup } from "./log-fixture.ts";
import { ParkingDriver } from "./parking-driver.ts";

/** What is done to a log: groups, batches, flushes. */
type Act =
  | { readonly kind: "change"; readonly ids: readonly number[]; readonly place: number }
  | { readonly kind: "flush" }
  | { readonly kind: "batch"; readonly ids: readonly number[] };

const ids = fc.uniqueArray(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 4 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("change"), ids, place: fc.nat(300) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "flush" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("batch"), ids }) },
);
const acts = fc.array(act, { minLength: 1, maxLength: 30 });

/** Builds a log; what was appended and never flushed is not in it. */
function build(list: readonly Act[], segmentBytes = 2000): CrashingDisk {
  const { disk, driver, log } = openFixture({ segmentBytes });
  const pages = new BytePages();
  for (const [index, doing] of list.entries()) {
    if (doing.kind === "change") pages.change(log, doing.ids, doing.place, index);
    else if (doing.kind === "flush") driver.result(log.flushTo(log.endLsn));
    else {
      log.beginBatch();
      for (const id of doing.ids) pages.change(log, [id], id, index);
      log.endBatch();
    }
  }
  driver.result(log.flushTo(log.endLsn));
  return disk;
}

/** What an inspection finds, and the groups that come before any damage. */
function inspectionOf(disk: CrashingDisk): { contents: LogContents; groups: string[] } {
  const groups: string[] = [];
  const visit = function* (group: LoggedGroup): Task<void> {
    groups.push(textOfGroup(group));
  };
  const contents = new ParkingDriver().result(inspectLog({ disk, redoLsn: lsn(1), visit }));
  return { contents, groups };
}

function damageOf(disk: CrashingDisk): string {
  return inspectionOf(disk).contents.damage?.message ?? "none";
}

describe("a scan", () => {
  it("gives every group once, in order, whatever blocks and segments it lies in", () => {
    fc.assert(
      fc.property(acts, (list) => {
        const { contents, groups } = scanOf(build(list));
        const appended = list.reduce((sum, doing) => {
          if (doing.kind === "flush") return sum;
          return sum + (doing.kind === "batch" ? doing.ids.length : 1);
        }, 0);
        expect(groups.length).toBe(appended);
        expect(contents.tornTail).toBe(null);
        const ends = groups.map((group) => group.lsn);
        expect(ends).toEqual([...new Set(ends)].toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it("begins anywhere", () => {
    fc.assert(
      fc.property(acts, fc.nat(), (list, from) => {
        const disk = build(list);
        const all = scanOf(disk).groups;
        const skipped = from % (all.length + 1);
        const redo = all[skipped - 1]?.lsn ?? lsn(1);
        const rest = scanOf(disk, redo).groups;
        expect(rest.map(textOfGroup)).toEqual(all.slice(skipped).map(textOfGroup));
      }),
      { numRuns: 50 },
    );
  });

  it("finds a prefix of the groups or damage in any log with some bytes changed", () => {
    const edit = fc.record({
      file: fc.nat(),
      at: fc.nat(),
      byte: fc.integer({ min: 1, max: 255 }),
    });
    const cut = fc.option(fc.record({ file: fc.nat(), to: fc.nat() }));
    fc.assert(
      fc.property(acts, fc.array(edit, { maxLength: 3 }), cut, (list, edits, cutting) => {
        const disk = build(list);
        const whole = scanOf(disk).groups.map(textOfGroup);
        const names = [...disk.files.keys()].toSorted();
        const nameOf = (file: number): string => names[file % names.length] ?? "";
        for (const { file, at, byte } of edits) {
          const bytes = disk.bytesOf(nameOf(file)).slice();
          if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ byte;
          disk.put(nameOf(file), bytes);
        }
        if (cutting !== null) {
          const bytes = disk.bytesOf(nameOf(cutting.file));
          disk.put(nameOf(cutting.file), bytes.slice(0, cutting.to % (bytes.length + 1)));
        }
        const { contents, groups } = inspectionOf(disk);
        expect(groups).toEqual(whole.slice(0, groups.length));
        expect(contents.damage?.code ?? "BAD_LOG").toBe("BAD_LOG");
        expect(contents.damage?.message ?? "log-0000000000000001: offset 1: -").toMatch(
          /^log-[0-9a-f]{16}: offset \d+: .+/u,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("takes any bytes for a segment without another exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(300), (bytes, at) => {
        const disk = build([{ kind: "change", ids: [2, 3], place: 7 }]);
        const good = disk.bytesOf("log-0000000000000001").slice();
        good.set(bytes.subarray(0, Math.max(0, good.length - at)), Math.min(at, good.length));
        disk.put("log-0000000000000001", good);
        expect(damageOf(disk)).toMatch(/none|log-/u);
      }),
    );
  });
});

function withZeros(bytes: Uint8Array, zeros: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + zeros);
  longer.set(bytes);
  return longer;
}

describe("a hole", () => {
  const two = (): CrashingDisk =>
    build([
      { kind: "change", ids: [2], place: 1 },
      { kind: "flush" },
      { kind: "change", ids: [3], place: 1 },
    ]);

  it("in a block that was durable before a later one was sealed is damage", () => {
    const disk = two();
    const bytes = disk.bytesOf("log-0000000000000001").slice();
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    disk.put("log-0000000000000001", bytes);
    expect(damageOf(disk)).toMatch(
      /^log-0000000000000001: offset 32: a block's checksum is wrong; it was whole once: the block at \d+ came after$/u,
    );
  });

  it("in the last block is a torn tail", () => {
    const disk = two();
    const bytes = disk.bytesOf("log-0000000000000001").slice();
    bytes[bytes.length - 1] = 77;
    disk.put("log-0000000000000001", bytes);
    const { contents } = scanOf(disk);
    expect(contents.groups).toBe(1);
    expect(contents.tornTail).toMatchObject({ reason: "a block's checksum is wrong" });
  });

  it("is not what zeros behind the end are: that is room", () => {
    const disk = two();
    const bytes = disk.bytesOf("log-0000000000000001");
    disk.put("log-0000000000000001", withZeros(bytes, 5000));
    const { contents } = scanOf(disk);
    expect(contents.groups).toBe(2);
    expect(contents.damage).toBe(null);
    expect(contents.tornTail).toMatchObject({ bytes: 5000, reason: "nothing but zeros" });
  });

  it("before such room is a torn tail of the bytes that are not room", () => {
    const disk = two();
    const bytes = disk.bytesOf("log-0000000000000001").slice();
    bytes[bytes.length - 1] = 77;
    disk.put("log-0000000000000001", withZeros(bytes, 5000));
    const { tornTail } = scanOf(disk).contents;
    expect(tornTail).toMatchObject({ bytes: bytes.length - (tornTail?.offset ?? 0) });
  });

  it("where a segment was cut short and another follows is damage", () => {
    const disk = build(
      [
        { kind: "change", ids: [2], place: 1 },
        { kind: "flush" },
        { kind: "change", ids: [3], place: 1 },
      ],
      64,
    );
    disk.put("log-0000000000000001", disk.bytesOf("log-0000000000000001").slice(0, 60));
    expect(damageOf(disk)).toContain("it was whole once: the log goes on at");
  });

  it("in a segment's header is damage if the segment had a block", () => {
    const disk = two();
    const bytes = disk.bytesOf("log-0000000000000001").slice();
    bytes[3] = 0;
    disk.put("log-0000000000000001", bytes);
    expect(damageOf(disk)).toContain("offset 0: this is no log segment; it was whole once");
  });

  it("that takes away the redo position is damage", () => {
    const disk = two();
    const { contents } = scanOf(disk);
    disk.put("log-0000000000000001", disk.bytesOf("log-0000000000000001").slice(0, 32));
    const inspected = inspectLog({ disk, redoLsn: contents.endLsn });
    expect(new ParkingDriver().result(inspected).damage?.message).toContain(
      `the log ends at 1, before redo position ${contents.endLsn}`,
    );
  });
});

describe("a crash", () => {
  it("leaves what was durable, whole groups, and at most a torn tail", () => {
    const survivors = fc.array(fc.boolean(), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(acts, fc.nat(120), survivors, fc.nat(), (list, steps, survives, seed) => {
        let drawn = seed;
        const choose = (count: number): number => (drawn = (drawn * 7 + 3) % 1009) % count;
        const { disk, driver, log } = openFixture({ segmentBytes: 2000, choose });
        const pages = new BytePages();
        const ends: number[] = [];
        for (const [index, doing] of list.entries()) {
          if (doing.kind === "flush") driver.add(log.waitDurable(log.endLsn));
          else if (doing.kind === "change") ends.push(pages.change(log, doing.ids, 1, index));
          else {
            log.beginBatch();
            for (const id of doing.ids) pages.change(log, [id], id, index);
            log.endBatch();
            ends.push(log.endLsn);
          }
          driver.run(steps % 7);
        }
        driver.add(log.waitDurable(log.endLsn));
        driver.run(steps);
        const durable = log.durableLsn;
        let sector = 0;
        disk.crash(() => survives[sector++ % survives.length] ?? false);
        const { contents, groups } = scanOf(disk);
        expect(contents.settledLsn).toBeGreaterThanOrEqual(durable);
        expect([1, ...ends]).toContain(contents.settledLsn);
        // And the log that goes on there is read without what the tail has left behind.
        const next = openFixture({ disk, start: contents.settledLsn });
        pages.change(next.log, [5], 5, 5);
        next.driver.result(next.log.flushTo(next.log.endLsn));
        const kept = groups.filter((group) => group.lsn <= contents.settledLsn).map(textOfGroup);
        const after = scanOf(disk).groups.map(textOfGroup);
        expect(after.slice(0, -1)).toEqual(kept);
        expect(after.length).toBe(kept.length + 1);
      }),
      { numRuns: 300 },
    );
  });
});
