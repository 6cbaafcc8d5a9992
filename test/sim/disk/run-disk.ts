import { CrashSource } from "../../../src/sim/crash-source.ts";
import { SimDisk, type SimDiskOptions } from "../../../src/sim/disk/index.ts";
import type { Failure } from "../../../src/sim/failure.ts";
import { FunctionSource } from "../../../src/sim/blocks/spawn.ts";
import type { Program, Scheduler } from "../../../src/sim/scheduler.ts";
import type { DiskSnapshot } from "../../../src/sim/index.ts";
import type { Task } from "../../../src/task/index.ts";

/** A program of tasks on a disk, with or without a crash, put back to its start for each run. */
export class DiskProgram implements Program {
  readonly disk: SimDisk;
  readonly crash: CrashSource | null;
  readonly #start: DiskSnapshot;
  readonly #tasks: readonly ((disk: SimDisk) => Task<unknown>)[];
  readonly #finish: (disk: SimDisk) => Failure | null;

  constructor(
    scheduler: Scheduler,
    options: SimDiskOptions & {
      readonly files?: Readonly<Record<string, Uint8Array>>;
      readonly crashes?: boolean;
      readonly finish?: (disk: SimDisk) => Failure | null;
      /** A task that begins after the crash. */
      readonly recovery?: (disk: SimDisk) => Task<unknown>;
    },
    ...tasks: ((disk: SimDisk) => Task<unknown>)[]
  ) {
    const { files = {}, crashes: _c, finish: _f, recovery: _r, ...others } = options;
    this.disk = new SimDisk(scheduler, others);
    for (const [name, bytes] of Object.entries(files)) this.disk.put(name, bytes);
    this.#start = this.disk.snapshot();
    this.#tasks = tasks;
    this.#finish = options.finish ?? (() => null);
    const { recovery } = options;
    this.crash =
      options.crashes === true
        ? new CrashSource(() => {
            scheduler.stopAll();
            this.disk.crash();
            if (recovery === undefined) return;
            scheduler.addTask(new FunctionSource("recovery", () => recovery(this.disk)));
          })
        : null;
  }

  begin(scheduler: Scheduler): void {
    this.disk.restore(this.#start);
    this.disk.arm();
    this.#tasks.forEach((task, i) => {
      scheduler.addTask(new FunctionSource(`task ${i}`, () => task(this.disk)));
    });
    if (this.crash === null) return;
    this.crash.reset();
    scheduler.addTask(this.crash);
  }

  finish(): Failure | null {
    return this.#finish(this.disk);
  }

  describeObject(objectId: number): string {
    return this.disk.describeObject(objectId) ?? `#${objectId}`;
  }
}

/** Bytes that are all one number. */
export function filled(length: number, byte: number): Uint8Array {
  return new Uint8Array(length).fill(byte);
}
