import { openRun, BlockCache, type Run, writeRun } from "../../../src/lsm/run/index.ts";
import type { Entry } from "../../../src/lsm/index.ts";
import { FunctionSource } from "../../../src/sim/blocks/spawn.ts";
import {
  CrashSource,
  type DiskSnapshot,
  type Program,
  type Scheduler,
  SimDisk,
  type SimDiskOptions,
  SimHost,
} from "../../../src/sim/index.ts";
import { type Host, LatchworkError, runToCompletion, type Task } from "../../../src/task/index.ts";
import { lineOf, restOf, RUN_NAME, TINY } from "./run-fixture.ts";
import { SortedCursor } from "./sorted-cursor.ts";

/** A disk that counts reads of its files. */
class CountingDisk extends SimDisk {
  reads = 0;

  override read(...args: Parameters<SimDisk["read"]>): ReturnType<SimDisk["read"]> {
    this.reads++;
    return super.read(...args);
  }
}

/** What faults of a disk are to a reader. */
const FAULTS: ReadonlySet<string> = new Set(["DISK_ERROR", "BAD_RUN", "NO_SUCH_FILE"]);

/** What a task comes to: what it gives, or the code of the disk's fault. */
function* outcome(task: Task<string>): Task<string> {
  try {
    return yield* task;
  } catch (error) {
    if (error instanceof LatchworkError && FAULTS.has(error.code)) return error.code;
    throw error;
  }
}

export interface RunsOptions extends SimDiskOptions {
  /** Of the cache that all share. */
  readonly cacheBytes: number;
  /** Whether all blocks have been read before, and are in the cache if they fit. Default false. */
  readonly isWarm?: boolean;
}

/** Tasks that read one run at once, through a cache; each notes what it comes to. */
export class ReadersProgram implements Program {
  readonly disk: CountingDisk;
  /** By task: what came of its reads, one after the other. */
  readonly answers: string[][] = [];
  /** Since the run was opened. */
  get reads(): number {
    return this.disk.reads;
  }

  readonly #host: SimHost;
  readonly #start: DiskSnapshot;
  readonly #cacheBytes: number;
  readonly #isWarm: boolean;
  readonly #tasks: readonly ((run: Run, host: Host) => Iterable<Task<string>>)[];
  #run: Run | null = null;

  constructor(
    scheduler: Scheduler,
    list: readonly Entry[],
    { cacheBytes, isWarm = false, ...options }: RunsOptions,
    tasks: readonly ((run: Run, host: Host) => Iterable<Task<string>>)[],
  ) {
    this.disk = new CountingDisk(scheduler, options);
    this.#host = new SimHost(scheduler);
    this.#cacheBytes = cacheBytes;
    this.#isWarm = isWarm;
    this.#tasks = tasks;
    runToCompletion(writeRun(this.disk, RUN_NAME, new SortedCursor(list), TINY));
    this.#start = this.disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    this.disk.restore(this.#start);
    this.disk.disarm();
    const cache = new BlockCache(this.#host, this.#cacheBytes);
    const run = runToCompletion(openRun(this.disk, RUN_NAME, cache));
    this.#run = run;
    if (this.#isWarm) restOf(run.cursor());
    this.disk.reads = 0;
    this.disk.arm();
    this.answers.length = 0;
    const host = this.#host;
    for (const [i, task] of this.#tasks.entries()) {
      const noted: string[] = [];
      this.answers.push(noted);
      scheduler.addTask(
        new FunctionSource(`reader ${i}`, function* () {
          for (const one of task(run, host)) noted.push(yield* outcome(one));
        }),
      );
    }
  }

  finish(): null {
    // Nothing is read any more, and nothing is kept that should not be.
    this.disk.disarm();
    if (this.#run !== null) runToCompletion(this.#run.close());
    return null;
  }

  digest(): string {
    return this.answers.map((noted) => noted.join("; ")).join("\n");
  }

  describeObject(objectId: number): string {
    return this.disk.describeObject(objectId) ?? this.#host.nameOf(objectId) ?? `#${objectId}`;
  }
}

/** A task that writes a run while the power may fail, and then what is found of it. */
export class WriterProgram implements Program {
  readonly disk: SimDisk;
  /** What was there after the crash: all entries, or the code of a fault. */
  found = "";
  isAcknowledged = false;
  readonly #list: readonly Entry[];
  readonly #host: SimHost;
  readonly #start: DiskSnapshot;

  constructor(scheduler: Scheduler, list: readonly Entry[], options: SimDiskOptions) {
    this.disk = new SimDisk(scheduler, options);
    this.#list = list;
    this.#host = new SimHost(scheduler);
    this.#start = this.disk.snapshot();
  }

  begin(scheduler: Scheduler): void {
    this.disk.restore(this.#start);
    this.disk.arm();
    this.found = "";
    this.isAcknowledged = false;
    scheduler.addTask(new FunctionSource("writer", () => this.#write()));
    scheduler.addTask(
      new CrashSource(() => {
        scheduler.stopAll();
        this.disk.crash();
        scheduler.addTask(new FunctionSource("reader", () => this.#read()));
      }),
    );
  }

  finish(): null {
    return null;
  }

  describeObject(objectId: number): string {
    return this.disk.describeObject(objectId) ?? this.#host.nameOf(objectId) ?? `#${objectId}`;
  }

  *#write(): Task<void> {
    try {
      yield* writeRun(this.disk, RUN_NAME, new SortedCursor(this.#list), TINY);
      yield* this.disk.syncDirectory();
      this.isAcknowledged = true;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
    }
  }

  *#read(): Task<void> {
    this.disk.disarm();
    const { disk } = this;
    const cache = new BlockCache(this.#host, 1 << 16);
    this.found = yield* outcome(
      (function* (): Task<string> {
        const run = yield* openRun(disk, RUN_NAME, cache);
        const cursor = run.cursor();
        const lines: string[] = [];
        while (yield* cursor.next()) lines.push(lineOf(cursor.entry));
        yield* run.close();
        return lines.join("; ");
      })(),
    );
  }
}
