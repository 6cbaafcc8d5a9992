import type { MemoryDisk } from "../../src/storage/index.ts";
import {
  type DirectoryMode,
  type Disk,
  type DiskFile,
  DiskRequest,
  type Fact,
  type OpenMode,
  type Step,
  type TaskId,
} from "../../src/task/index.ts";
import type { VirtualClock } from "./virtual-sleep.ts";

/** How long the requests of a {@link TimedDisk} take; all others take no time. */
export interface DiskTimes {
  readonly readNs: number;
  readonly syncNs: number;
}

/**
 * A disk in memory whose reads and syncs take virtual time, from when it is started. It serves all
 * requests side by side, as a fast device with deep queues does.
 */
export class TimedDisk implements Disk {
  readonly #disk: MemoryDisk;
  readonly #clock: VirtualClock;
  readonly #times: DiskTimes;
  #isStarted = false;

  constructor(disk: MemoryDisk, clock: VirtualClock, times: DiskTimes) {
    this.#disk = disk;
    this.#clock = clock;
    this.#times = times;
  }

  /** From now on requests take time. */
  start(): void {
    this.#isStarted = true;
  }

  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    const request = this.#disk.open(name, mode);
    return new MappedRequest(request, (file) => new TimedFile(this, file));
  }

  list(): DiskRequest<readonly string[]> {
    return this.#disk.list();
  }

  rename(from: string, to: string): DiskRequest<void> {
    return this.#disk.rename(from, to);
  }

  remove(name: string): DiskRequest<void> {
    return this.#disk.remove(name);
  }

  syncDirectory(): DiskRequest<void> {
    return this.#disk.syncDirectory();
  }

  directory(name: string, mode: DirectoryMode): DiskRequest<Disk> {
    return this.#disk.directory(name, mode);
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return this.#disk.listDirectories();
  }

  removeDirectory(name: string): DiskRequest<void> {
    return this.#disk.removeDirectory(name);
  }

  /** The request as this disk serves it. For its files only. */
  timed<T>(request: DiskRequest<T>, kind: keyof DiskTimes): DiskRequest<T> {
    const ns = this.#isStarted ? this.#times[kind] : 0;
    return ns === 0 ? request : new TimedRequest(request, this.#clock, ns);
  }
}

class TimedFile implements DiskFile {
  readonly name: string;
  readonly #disk: TimedDisk;
  readonly #file: DiskFile;

  constructor(disk: TimedDisk, file: DiskFile) {
    this.name = file.name;
    this.#disk = disk;
    this.#file = file;
  }

  read(at: number, into: Uint8Array): DiskRequest<number> {
    return this.#disk.timed(this.#file.read(at, into), "readNs");
  }

  write(at: number, bytes: Uint8Array): DiskRequest<void> {
    return this.#file.write(at, bytes);
  }

  sync(): DiskRequest<void> {
    return this.#disk.timed(this.#file.sync(), "syncNs");
  }

  confirm(): void {
    this.#file.confirm();
  }

  size(): DiskRequest<number> {
    return this.#file.size();
  }

  truncate(bytes: number): DiskRequest<void> {
    return this.#file.truncate(bytes);
  }

  close(): DiskRequest<void> {
    return this.#file.close();
  }
}

/** A request with another result. */
class MappedRequest<T, U> extends DiskRequest<U> {
  readonly #request: DiskRequest<T>;
  readonly #map: (value: T) => U;

  constructor(request: DiskRequest<T>, map: (value: T) => U) {
    super();
    this.#request = request;
    this.#map = map;
  }

  get value(): U {
    return this.#map(this.#request.value);
  }

  override isEnabled(task: TaskId): boolean {
    return this.#request.isEnabled(task);
  }

  override take(task: TaskId): boolean {
    return this.#request.take(task);
  }

  override fact(): Fact {
    return this.#request.fact();
  }
}

/** A request that can be taken once its time is over. */
class TimedRequest<T> extends DiskRequest<T> {
  readonly #request: DiskRequest<T>;
  readonly #clock: VirtualClock;
  readonly #waiting: Step[] = [this];
  #isOver = false;

  constructor(request: DiskRequest<T>, clock: VirtualClock, ns: number) {
    super();
    this.#request = request;
    this.#clock = clock;
    clock.after(ns, { happen: () => this.#end() });
  }

  get value(): T {
    return this.#request.value;
  }

  override join(step: Step): void {
    this.#waiting.push(step);
  }

  override isEnabled(): boolean {
    return this.#isOver;
  }

  override take(task: TaskId): boolean {
    return this.#request.take(task);
  }

  override fact(): Fact {
    return this.#request.fact();
  }

  #end(): void {
    this.#isOver = true;
    for (const step of this.#waiting) this.#clock.wake(step);
  }
}
