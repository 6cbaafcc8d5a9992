import {
  ACCESS_NONE,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type DirectoryMode,
  type Disk,
  type DiskFile,
  type DiskRequest,
  type FaultFact,
  LatchworkError,
  type OpenMode,
  optionNames,
  refuseUnknownName,
  refuseUnknownOptions,
} from "../../task/index.ts";
import type { StepHome } from "../blocks/awaited.ts";
import { DISKS_OBJECT } from "../own-objects.ts";
import type { Scheduler } from "../scheduler.ts";
import { Device, type Latency, type Queue } from "./device.ts";
import { type DiskFault, type FaultOptions, Faults } from "./faults.ts";
import { ObjectNames } from "./object-names.ts";
import { type Errand, SimDiskRequest } from "./request.ts";
import { areEqual, SECTOR_BYTES, sectorsIn } from "./sectors.ts";
import { directoryChanged, diskError, type DirectoryWork, SimDirectory } from "./sim-directory.ts";
import type { FileRequests, SimDiskFile } from "./sim-disk-file.ts";
import { type DiskSnapshot, DiskStorage, noSpace } from "./storage.ts";
import type { Choose, Survival } from "./survival.ts";

/** Settings of a simulated disk; all have defaults. */
export interface SimDiskOptions {
  /** How it is drawn what survives a crash. Default `patterns`. */
  readonly survival?: Survival;
  /** Faults that the schedule may draw while the disk is armed. Default none. */
  readonly faults?: FaultOptions;
  /** How long requests take while the disk is armed. Default no time. */
  readonly latency?: Latency;
  /** Default `parallel`. */
  readonly queue?: Queue;
  /** Most bytes of all files together, in whole sectors. Default no limit. */
  readonly spaceBytes?: number;
}

const OPTION_NAMES = optionNames<SimDiskOptions>({
  survival: true,
  faults: true,
  latency: true,
  queue: true,
  spaceBytes: true,
});
const LATENCY_NAMES = optionNames<Latency>({ readMs: true, writeMs: true, syncMs: true });
const SURVIVALS: readonly Survival[] = ["patterns", "sectors", "mixed"];
const QUEUES: readonly Queue[] = ["parallel", "serial"];

/**
 * A disk whose requests are steps, and whose crashes and faults are decisions of
 * the schedule. See the essay in `index.ts` for what survives a crash.
 *
 * It is made disarmed: requests take no time, meet no faults, draw nothing, and so may be taken by
 * `runToCompletion` outside of any run, to build what a program begins with.
 */
export class SimDisk implements Disk, FileRequests {
  readonly #scheduler: Scheduler;
  readonly #home: StepHome | null;
  readonly #storage: DiskStorage;
  readonly #top: SimDirectory;
  readonly #survival: Survival;
  readonly #faults: Faults;
  readonly #device: Device;
  readonly #objects: ObjectNames;
  #onFault: ((fault: FaultFact) => void) | null = null;
  /** Requests made and not taken yet, oldest first. */
  readonly #inFlight = new Set<SimDiskRequest<unknown>>();
  readonly #begunRequest = (request: SimDiskRequest<unknown>): void => {
    assert(this.#inFlight.delete(request), "a request is taken once, and not after a crash");
    const { happenAnyway, work } = request.errand;
    const isOrdered = happenAnyway !== undefined || work === "sync" || this.#faults.canStrike;
    if (isOrdered) this.#scheduler.touch(DISKS_OBJECT, ACCESS_WRITE);
  };

  /**
   * @param home Notified of requests that are awaited; null where no async function can have them.
   * @throws LatchworkError BAD_ARGUMENT for an option, a fault or a way that there is not.
   */
  constructor(scheduler: Scheduler, options: SimDiskOptions = {}, home: StepHome | null = null) {
    refuseUnknownOptions("a disk", options, OPTION_NAMES);
    refuseUnknownOptions("latency", options.latency, LATENCY_NAMES);
    refuseUnknownName("survival", options.survival, SURVIVALS);
    refuseUnknownName("queue", options.queue, QUEUES);
    this.#scheduler = scheduler;
    this.#home = home;
    this.#storage = new DiskStorage(options.spaceBytes ?? Number.POSITIVE_INFINITY);
    this.#survival = options.survival ?? "patterns";
    this.#faults = new Faults(options.faults ?? {}, (count) => scheduler.chooseValue(count));
    this.#device = new Device(options.latency ?? {}, options.queue ?? "parallel");
    this.#objects = new ObjectNames(scheduler);
    const work: DirectoryWork = {
      storage: this.#storage,
      files: this,
      ask: (object, errand) => this.#ask(object, errand),
      meets: (fault, name) => this.#faultOf(fault, name),
      refuseReplaced: () => this.#refuseReplaced(),
    };
    this.#top = new SimDirectory(work, this.#storage.top, null, "");
    this.#faults.onFault = (fault, name) => this.#report({ kind: "disk-fault", fault, name });
  }

  /** Most bytes of all files together; a test may take space away, or give more. */
  get spaceBytes(): number {
    return this.#storage.spaceBytes;
  }

  set spaceBytes(bytes: number) {
    this.#storage.spaceBytes = bytes;
  }

  /** Whether a request may hang for ever; where nothing comes that would end it, none should. */
  get canStick(): boolean {
    return this.#faults.canStick;
  }

  set canStick(canStick: boolean) {
    this.#faults.canStick = canStick;
  }

  /** Whether a request hangs that will never end. */
  get isStuck(): boolean {
    return [...this.#inFlight].some((request) => request.isStuck);
  }

  /** Called with each fault and delay as it is made, for stories; null to call nobody. */
  set onFault(listener: ((fault: FaultFact) => void) | null) {
    this.#onFault = listener;
  }

  /** Whether some request has met a fault since the disk was made or put back. */
  get hasMadeFault(): boolean {
    return this.#faults.hasStruck;
  }

  /** From now on requests take their time and may meet faults. */
  arm(): void {
    this.#faults.isArmed = true;
  }

  /** From now on requests take no time and meet no faults but planned ones. */
  disarm(): void {
    this.#faults.isArmed = false;
  }

  /** Plans a fault for the next request that can meet it, of one file or of any. Draws nothing. */
  failNext(fault: DiskFault, name: string | null = null): void {
    this.#faults.plan(fault, name);
  }

  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    return this.#top.open(name, mode);
  }

  list(): DiskRequest<readonly string[]> {
    return this.#top.list();
  }

  rename(from: string, to: string): DiskRequest<void> {
    return this.#top.rename(from, to);
  }

  remove(name: string): DiskRequest<void> {
    return this.#top.remove(name);
  }

  syncDirectory(): DiskRequest<void> {
    return this.#top.syncDirectory();
  }

  directory(name: string, mode: DirectoryMode): DiskRequest<Disk> {
    return this.#top.directory(name, mode);
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return this.#top.listDirectories();
  }

  removeDirectory(name: string): DiskRequest<void> {
    return this.#top.removeDirectory(name);
  }

  /** See {@link DiskFile.read}. */
  read(file: SimDiskFile, at: number, into: Uint8Array): DiskRequest<number> {
    return this.#askFile(file, {
      fact: { kind: "file-read", name: file.path, at, bytes: into.length },
      access: ACCESS_READ,
      work: "read",
      perform: () => {
        const fault = this.#faults.faultOf(["read error", "corrupted read"], file.path);
        if (fault === "read error") throw diskError(`read of ${file.path} at ${at}`);
        const count = file.body.read(at, into);
        if (fault === "corrupted read" && count > 0) this.#corrupt(into.subarray(0, count));
        return count;
      },
    });
  }

  /** See {@link DiskFile.write}. */
  write(file: SimDiskFile, at: number, bytes: Uint8Array): DiskRequest<void> {
    assert(file.canWrite, "a file that is written was opened for writing");
    const { body, path: name } = file;
    const copy = bytes.slice();
    const write = (part: Uint8Array): void => body.write(at, part, this.#storage.nextOrder());
    return this.#askFile(file, {
      fact: { kind: "file-write", name, at, bytes: bytes.length },
      access: ACCESS_WRITE,
      work: "write",
      perform: () => {
        assert(areEqual(copy, bytes), "bytes are not changed until their write is taken");
        const fault = this.#faults.faultOf(["write error", "no space"], name);
        if (fault === "no space") throw noSpace(name);
        this.#storage.reserve(name, body, at + bytes.length);
        if (fault === null) return write(copy);
        // Nothing, the first half, or all of it has got through.
        const half = Math.floor(sectorsIn(bytes.length) / 2) * SECTOR_BYTES;
        write(copy.subarray(0, [0, half, bytes.length][this.#faults.detail(3)] ?? 0));
        throw diskError(`write of ${name} at ${at}`);
      },
      happenAnyway: () => {
        this.#storage.reserve(name, body, at + bytes.length);
        write(copy);
      },
    });
  }

  /** See {@link DiskFile.sync}. */
  sync(file: SimDiskFile): DiskRequest<void> {
    return this.#askFile(file, {
      fact: { kind: "file-sync", name: file.path },
      access: ACCESS_WRITE,
      work: "sync",
      perform: () => {
        if (this.#faultOf("failed sync", file.path)) {
          file.body.failSync();
          throw diskError(`sync of ${file.path}`);
        }
        file.body.sync();
        this.confirm(file);
      },
    });
  }

  /** See {@link DiskFile.confirm}. */
  confirm(file: SimDiskFile): void {
    this.#refuseReplaced();
    if (file.isThere()) return;
    throw directoryChanged(`${file.path} was renamed, removed or replaced`);
  }

  /** See {@link DiskFile.size}. */
  size(file: SimDiskFile): DiskRequest<number> {
    return this.#askFile(file, {
      fact: { kind: "file-size", name: file.path },
      access: ACCESS_READ,
      work: "none",
      perform: () => file.body.size,
    });
  }

  /** See {@link DiskFile.truncate}. */
  truncate(file: SimDiskFile, bytes: number): DiskRequest<void> {
    assert(file.canWrite, "a file that is truncated was opened for writing");
    const truncate = (): void => {
      this.#storage.reserve(file.path, file.body, bytes);
      file.body.truncate(bytes, this.#storage.nextOrder());
    };
    return this.#askFile(file, {
      fact: { kind: "file-resize", name: file.path, bytes },
      access: ACCESS_WRITE,
      work: "write",
      perform: () => {
        if (this.#faults.faultOf(["write error"], file.path) !== null) {
          throw diskError(`change of ${file.path}`);
        }
        truncate();
      },
      happenAnyway: truncate,
    });
  }

  /** See {@link DiskFile.close}. */
  close(file: SimDiskFile): DiskRequest<void> {
    return this.#askFile(file, {
      fact: { kind: "file-close", name: file.path },
      access: ACCESS_NONE,
      work: "none",
      perform: () => {
        file.isClosed = true;
      },
    });
  }

  /**
   * The power fails and comes back: what survives is drawn, and then it is all there is, durable.
   * Open files and requests from before can no longer be used. Tasks are the scheduler's
   * business, see `stopAll`.
   *
   * @param choose What draws; the schedule by default, which needs a run.
   */
  crash(choose: Choose = (count) => this.#scheduler.chooseValue(count)): void {
    this.#storage.crash(this.#survival, choose, () => this.#finishInFlight());
    this.#inFlight.clear();
    this.#device.reset();
  }

  /** Finds the directory by its path anew, as whoever opens the database does first. */
  lookUp(): void {
    this.#storage.lookUp();
  }

  /** All that is on the disk, as it is now. Requires: no request is in flight. O(files). */
  snapshot(): DiskSnapshot {
    assert(this.#inFlight.size === 0, "no request is in flight when the disk is saved");
    return this.#storage.snapshot();
  }

  /**
   * Goes back to a snapshot of this disk, for the next run. O(files). Files that were open then can
   * be used again. Faults planned and made are forgotten; the disk stays armed or not.
   */
  restore(snapshot: DiskSnapshot): void {
    this.#storage.restore(snapshot);
    this.#inFlight.clear();
    this.#device.reset();
    this.#faults.reset();
  }

  /** Makes a file of these contents, name and all durable at once; replaces one of that name. */
  put(path: string, bytes: Uint8Array): void {
    this.#storage.put(path, bytes);
  }

  /** The paths of all files, sorted; without a step, for checks. */
  names(): string[] {
    return [...this.#storage.livePaths().keys()].toSorted();
  }

  /** What a read of the whole file would give now, or null if there is none; without a step. */
  peek(path: string): Uint8Array | null {
    return this.#storage.livePaths().get(path)?.bytes() ?? null;
  }

  /** The paths that a crash would leave if nothing unsynced survived, sorted; without a step. */
  durableNames(): string[] {
    return [...this.#storage.durablePaths().keys()].toSorted();
  }

  /** What a crash would leave of a file if nothing unsynced survived, or null if not even it. */
  peekDurable(path: string): Uint8Array | null {
    return this.#storage.durablePaths().get(path)?.bytes(true) ?? null;
  }

  /** Takes a file's name away behind everybody's back; it stays open to whoever has it open. */
  takeAway(path: string): void {
    const { directory, name } = this.#storage.place(path);
    this.#storage.remove(directory, name);
  }

  /** Flips bits of a byte on the medium, as bit rot does; reads find them flipped from now on. */
  damage(path: string, at: number, mask: number = 1): void {
    const { directory, name } = this.#storage.place(path);
    this.#storage.find(directory, name).damage(at, mask);
  }

  /** Names a shared object of this disk in reports: a file's name, or null if it is not its own. */
  describeObject(objectId: number): string | null {
    return this.#objects.nameOf(objectId);
  }

  #askFile<T>(file: SimDiskFile, errand: Errand<T>): DiskRequest<T> {
    assert(file.crashes === this.#storage.crashes, "an open file does not outlive a crash");
    assert(!file.isClosed, "a file that is used is open");
    return this.#ask(file.path, errand);
  }

  #ask<T>(object: string, errand: Errand<T>): DiskRequest<T> {
    const scheduler = this.#scheduler;
    // A crash finishes changes in flight in the order in which they were asked for; delays are
    // drawn, and a serial disk's time is given out, request by request.
    const isOrdered =
      errand.happenAnyway !== undefined || this.#faults.canDelay || this.#device.isSerial;
    if (isOrdered) scheduler.touch(DISKS_OBJECT, ACCESS_WRITE);
    let readyAtMs = 0;
    if (this.#faults.isArmed) {
      const delayMs = this.#faults.delayMs();
      readyAtMs = this.#device.readyAtMs(errand.work, scheduler.timeMs, delayMs);
      if (delayMs > 0) this.#report({ kind: "disk-delay", request: errand.fact, delayMs });
    }
    const objectId = this.#objects.idOf(object);
    const begun = this.#begunRequest;
    const home = this.#home;
    const request = new SimDiskRequest<T>(errand, objectId, scheduler, readyAtMs, begun, home);
    this.#inFlight.add(request);
    return request;
  }

  #report(fault: FaultFact): void {
    this.#onFault?.(fault);
    this.#scheduler.trace?.tell(fault);
  }

  /** Whether a request meets a fault. Where it can, the directory may be replaced too. */
  #faultOf(fault: DiskFault, name: string): boolean {
    const met = this.#faults.faultOf([fault, "replaced directory"], name);
    if (met === "replaced directory") this.#storage.replaceDirectory();
    return met === fault;
  }

  #refuseReplaced(): void {
    if (this.#storage.isReplaced)
      throw directoryChanged(`${this.#top.label} is another one by now`);
  }

  /** Flips one bit, in a sector that is drawn. */
  #corrupt(bytes: Uint8Array): void {
    const sector = this.#faults.detail(sectorsIn(bytes.length));
    const place = Math.min(sector * SECTOR_BYTES + SECTOR_BYTES / 2, bytes.length - 1);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
  }

  /** Lets every change that was asked for and not made yet happen, as it may have in part. */
  #finishInFlight(): void {
    for (const { errand } of this.#inFlight) {
      try {
        errand.happenAnyway?.();
      } catch (error) {
        // What could not have been done has not happened.
        if (!(error instanceof LatchworkError)) throw error;
      }
    }
  }
}
