import { describe, expect, it } from "vitest";
import {
  encodePartitions,
  NEW_PARTITIONS_FILE,
  type PartitionLayout,
  PARTITIONS_FILE,
  removeLeftOvers,
  Repartition,
  type RepartitionOptions,
} from "../../../src/engine/index.ts";
import {
  type ChoicePoint,
  type Coverage,
  formatSchedule,
  parseStrategy,
  sampledCoverage,
  Scheduler,
  type SimDisk,
  type Strategy,
} from "../../../src/sim/index.ts";
import {
  createPrng,
  DIRECT_HOST,
  type LatchworkError,
  type Prng,
  runToCompletion,
  type Task,
} from "../../../src/task/index.ts";
import { faultOf } from "../../support/fault-of.ts";
import { Repartitioning, type RepartitioningOptions } from "./repartition-program.ts";
import { budget } from "../../campaign.ts";

/** What many runs came to. */
interface Hunted {
  /** The first failure with its schedule. */
  readonly failure: string | null;
  readonly schedule: string;
  /** In how many runs the repartition was over before the crash. */
  readonly done: number;
}

/** Runs schedules until one fails, or the crash has come too late to interrupt anything. */
function hunt(strategy: Strategy, runsMax: number, options: RepartitioningOptions): Hunted {
  const scheduler = new Scheduler();
  const program = new Repartitioning(scheduler, options);
  let done = 0;
  for (let runs = 0; runs < runsMax && done === 0 && strategy.beginRun(); runs++) {
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    if (program.isDone && strategy instanceof CrashLater) done++;
    if (result.failure === null) continue;
    const schedule = formatSchedule(scheduler.schedule);
    return { failure: result.failure.message, schedule, done };
  }
  return { failure: null, schedule: "", done };
}

function random(): Strategy {
  return parseStrategy("random", createPrng(1));
}

/** Removes the old partitions one step too early. */
class RemovesFirst extends Repartition {
  protected override *switchTo(next: PartitionLayout): Task<void> {
    yield* removeLeftOvers(this.disk, next);
    yield* super.switchTo(next);
  }
}

/** Leaves the new file's name to chance. */
class ForgetsTheName extends Repartition {
  protected override *switchTo(next: PartitionLayout): Task<void> {
    const file = yield* this.disk.open(NEW_PARTITIONS_FILE, "create");
    yield* file.write(0, encodePartitions(next));
    yield* file.sync();
    yield* file.close();
    yield* this.disk.rename(NEW_PARTITIONS_FILE, PARTITIONS_FILE);
  }
}

/** Crashes at one step, and one step later in each run; what survives is drawn. */
class CrashLater implements Strategy {
  readonly name = "crash later";
  readonly #prng: Prng = createPrng("crash later");
  #at = -1;

  beginRun(): boolean {
    this.#at++;
    return true;
  }

  choose(point: ChoicePoint): number {
    if (point.kind === "value") return this.#prng.below(point.count);
    const isTime = point.crashIndex >= 0 && point.stepIndex >= this.#at;
    return isTime ? point.crashIndex : Math.max(0, point.currentIndex);
  }

  endRun(): void {}

  coverage(): Coverage {
    return sampledCoverage(this.name);
  }
}

type Way = readonly [before: number, after: number];
const BOTH_WAYS: readonly Way[] = [
  [1, 2],
  [2, 1],
];
const WAYS = budget({ short: BOTH_WAYS.slice(0, 1), campaign: BOTH_WAYS });
const SAMPLED = budget({ short: 20, campaign: 100 });

describe("a repartition that a crash interrupts", () => {
  it.each(WAYS)("at each step leaves one database or the other: from %i to %i", (before, after) => {
    const { failure, schedule, done } = hunt(new CrashLater(), 400, { before, after });
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
    expect(done).toBeGreaterThan(0);
  });

  it("leaves one database or the other: from 2 partitions to 3", () => {
    const { failure, schedule } = hunt(random(), SAMPLED, { before: 2, after: 3 });
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
  });

  it("on a disk that fails as well leaves one database or the other", () => {
    const { failure, schedule } = hunt(random(), SAMPLED, { before: 2, after: 1, faults: true });
    expect({ failure, schedule }).toEqual({ failure: null, schedule: "" });
  });

  it.each([
    ["removes the old partitions before the new ones count", RemovesFirst],
    ["does not sync the name of the file that says which count", ForgetsTheName],
  ])("is found to lose the database if it %s", (_, Wrong) => {
    const make = (options: RepartitionOptions): Repartition => new Wrong(options);
    const { failure } = hunt(new CrashLater(), 400, { before: 1, after: 2, make });
    expect(failure).toMatch(/no file named partitions|no such file|the rows are/u);
  });
});

describe("a repartition without enough space", () => {
  const sizes = [1, 3] as const;
  /** In sectors: for some of the files of a new partition. */
  const ROOM = 4;

  it.each(sizes)("is refused at the start, and changes nothing of %i partitions", (before) => {
    const { program, refused } = refusedWith(before, { freeBytes: 1000 });
    expect(refused?.code).toBe("NO_SPACE");
    expect(refused?.message).toMatch(
      /^the new partitions need about \d+ bytes beside the old ones/u,
    );
    expect(runToCompletion(program.look())).toBeNull();
  });

  it.each(sizes)("removes what it has built, and leaves %i partitions as they were", (before) => {
    const { program, refused } = refusedWith(before, {}, (disk) => {
      const used = disk.names().map((name) => disk.peek(name)?.length ?? 0);
      const sectors = used.map((bytes) => Math.ceil(bytes / 512));
      disk.spaceBytes = 512 * sectors.reduce((sum, one) => sum + one, ROOM);
    });
    expect(refused?.code).toBe("NO_SPACE");
    expect(runToCompletion(program.look())).toBeNull();
  });
});

/** Divides a database into two, on a disk that has no room for it; and what came of it. */
function refusedWith(
  before: number,
  more: Partial<RepartitionOptions>,
  change: (disk: SimDisk) => void = () => {},
): { readonly program: Repartitioning; readonly refused: LatchworkError | null } {
  const program = new Repartitioning(new Scheduler(), { before, after: 2 });
  program.disk.disarm();
  change(program.disk);
  const options = { disk: program.disk, host: DIRECT_HOST, partitions: 2, ...more };
  return { program, refused: faultOf(() => runToCompletion(new Repartition(options).run())) };
}
