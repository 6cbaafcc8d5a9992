import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  double,
  integer,
  nat,
  oneof,
  property,
  record,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../src/sim/scheduler.ts";
import { SECTOR_BYTES, SimDisk, type Survival } from "../../../src/sim/disk/index.ts";
import { runToCompletion, type Task, taskId } from "../../../src/task/index.ts";

const NAMES = ["a", "b"] as const;
const SECTORS_MAX = 4;

/** What may be done to a disk, with everything it says drawn by fast-check. */
type Action =
  | { readonly kind: "write"; readonly name: string; readonly at: number; readonly length: number }
  | { readonly kind: "truncate"; readonly name: string; readonly size: number }
  | { readonly kind: "sync" | "create" | "remove"; readonly name: string }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "sync names" };

const name = constantFrom(...NAMES);
const place = nat({ max: SECTORS_MAX * SECTOR_BYTES - 1 });
const dataActions: Arbitrary<Action>[] = [
  record({
    kind: constant("write" as const),
    name,
    at: place,
    length: integer({ min: 1, max: 2 * SECTOR_BYTES }),
  }),
  record({ kind: constant("truncate" as const), name, size: place }),
  record({ kind: constant("sync" as const), name }),
];
const nameActions: Arbitrary<Action>[] = [
  record({ kind: constant("create" as const), name }),
  record({ kind: constant("remove" as const), name }),
  record({ kind: constant("rename" as const), from: name, to: name }),
  constant({ kind: "sync names" }),
];
const survival = constantFrom<Survival>("patterns", "sectors", "mixed");
/** What is drawn at the crash: fractions, made numbers below whatever count is asked for. */
const draws = array(double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  maxLength: 40,
});

function choosing(fractions: readonly number[]): (count: number) => number {
  let next = 0;
  return (count) => Math.floor((fractions[next++] ?? 0) * count);
}

/** Acts on the disk; each write writes a byte of its own. */
function* act(disk: SimDisk, actions: readonly Action[], after: (i: number) => void): Task<void> {
  for (const [i, action] of actions.entries()) {
    yield* actOnce(disk, action, 10 + (i % 200));
    after(i);
  }
}

function* actOnce(disk: SimDisk, action: Action, byte: number): Task<void> {
  if (action.kind === "sync names") return yield* disk.syncDirectory();
  const known = disk.names();
  if (action.kind === "rename") {
    if (known.includes(action.from)) yield* disk.rename(action.from, action.to);
    return undefined;
  }
  if (action.kind === "create") return void (yield* disk.open(action.name, "create"));
  if (!known.includes(action.name)) return undefined;
  if (action.kind === "remove") return yield* disk.remove(action.name);
  const file = yield* disk.open(action.name, "write");
  if (action.kind === "sync") return yield* file.sync();
  if (action.kind === "truncate") return yield* file.truncate(action.size);
  if (action.kind === "write") {
    return yield* file.write(action.at, new Uint8Array(action.length).fill(byte));
  }
  return undefined;
}

function diskWith(mode: Survival, ...names: readonly string[]): SimDisk {
  const disk = new SimDisk(new Scheduler(), { survival: mode });
  for (const one of names) disk.put(one, new Uint8Array(SECTOR_BYTES).fill(1));
  return disk;
}

function sectorOf(bytes: Uint8Array, index: number): string {
  const padded = new Uint8Array(SECTOR_BYTES);
  padded.set(bytes.subarray(index * SECTOR_BYTES, (index + 1) * SECTOR_BYTES));
  return padded.join();
}

describe("whatever was written to files", () => {
  it("each sector after a crash is as at its last sync, or as one write since then made it", () => {
    assert(
      property(
        array(oneof(...dataActions), { maxLength: 12 }),
        survival,
        draws,
        (actions, mode, fractions) => {
          const disk = diskWith(mode, ...NAMES);
          // All contents that a file had since its last sync, that one included.
          const since = new Map(NAMES.map((one) => [one, [disk.peek(one) ?? new Uint8Array(0)]]));
          runToCompletion(
            act(disk, actions, (i) => {
              const action = actions[i];
              for (const one of NAMES) {
                const now = disk.peek(one) ?? new Uint8Array(0);
                const isSynced = action?.kind === "sync" && action.name === one;
                since.set(one, isSynced ? [now] : [...(since.get(one) ?? []), now]);
              }
            }),
          );
          disk.crash(choosing(fractions));
          for (const one of NAMES) {
            const found = disk.peek(one) ?? new Uint8Array(0);
            const contents = since.get(one) ?? [];
            expect(contents.map((bytes) => bytes.length)).toContain(found.length);
            for (let s = 0; s * SECTOR_BYTES < found.length; s++) {
              // A sector that the file ends within is cut off there.
              const length = Math.min(SECTOR_BYTES, found.length - s * SECTOR_BYTES);
              const possible = contents.map((bytes) =>
                sectorOf(bytes.subarray(0, s * SECTOR_BYTES + length), s),
              );
              expect([...possible, sectorOf(new Uint8Array(0), 0)]).toContain(sectorOf(found, s));
            }
          }
        },
      ),
    );
  });

  it("all of it survives that was synced last, name and contents", () => {
    assert(
      property(
        array(oneof(...dataActions, ...nameActions), { maxLength: 15 }),
        survival,
        draws,
        (actions, mode, fractions) => {
          const disk = diskWith(mode, "a");
          const syncAll: Action[] = [
            ...NAMES.map((one): Action => ({ kind: "sync", name: one })),
            { kind: "sync names" },
          ];
          runToCompletion(act(disk, [...actions, ...syncAll], () => undefined));
          const before = disk.names().map((one) => [one, disk.peek(one)]);
          disk.crash(choosing(fractions));
          expect(disk.names().map((one) => [one, disk.peek(one)])).toEqual(before);
        },
      ),
    );
  });

  it("a crash leaves nothing undecided: a second one changes nothing", () => {
    assert(
      property(
        array(oneof(...dataActions, ...nameActions), { maxLength: 15 }),
        survival,
        draws,
        draws,
        (actions, mode, fractions, others) => {
          const disk = diskWith(mode, "a");
          runToCompletion(act(disk, actions, () => undefined));
          disk.crash(choosing(fractions));
          const after = disk.names().map((one) => [one, disk.peek(one)]);
          expect(disk.names().map((one) => [one, disk.peekDurable(one)])).toEqual(after);
          disk.crash((count) => choosing(others)(count));
          expect(disk.names().map((one) => [one, disk.peek(one)])).toEqual(after);
        },
      ),
    );
  });

  it("going back to a snapshot undoes all of it, a crash too", () => {
    assert(
      property(
        array(oneof(...dataActions, ...nameActions), { maxLength: 8 }),
        array(oneof(...dataActions, ...nameActions), { maxLength: 8 }),
        survival,
        draws,
        (before, later, mode, fractions) => {
          const disk = diskWith(mode, "a");
          runToCompletion(act(disk, before, () => undefined));
          const snapshot = disk.snapshot();
          const crashed = (): unknown => {
            disk.crash(choosing(fractions));
            return disk.names().map((one) => [one, disk.peek(one)]);
          };
          const first = crashed();
          disk.restore(snapshot);
          runToCompletion(act(disk, later, () => undefined));
          disk.crash(choosing(fractions));
          disk.restore(snapshot);
          expect(crashed()).toEqual(first);
        },
      ),
    );
  });
});

describe("a name that is replaced", () => {
  it("means the old file or the new one after a crash, whatever else is lost", () => {
    assert(
      property(survival, draws, nat({ max: 4 }), (mode, fractions, done) => {
        const disk = diskWith(mode, "control");
        const replacing = function* (): Task<void> {
          const file = yield* disk.open("control.new", "create");
          yield* file.write(0, new Uint8Array(SECTOR_BYTES).fill(2));
          yield* file.sync();
          yield* disk.rename("control.new", "control");
          yield* disk.syncDirectory();
        };
        const steps = replacing();
        // The request made last is in flight when the power fails.
        let step = steps.next();
        for (let i = 0; i < done && step.done !== true; i++) {
          step.value.take(taskId(0));
          step = steps.next();
        }
        disk.crash(choosing(fractions));
        const control = disk.peek("control");
        expect([1, 2]).toContain(control?.[0]);
        expect(new Set(control).size).toBe(1);
        expect(control?.length).toBe(SECTOR_BYTES);
      }),
    );
  });
});
