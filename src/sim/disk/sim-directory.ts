import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type DirectoryMode,
  type Disk,
  type DiskFile,
  type DiskRequest,
  type FileFact,
  LatchworkError,
  type OpenMode,
} from "../../task/index.ts";
import { Directory } from "./directory.ts";
import type { DiskFault } from "./faults.ts";
import type { Errand } from "./request.ts";
import { type FileRequests, SimDiskFile } from "./sim-disk-file.ts";
import type { DiskStorage } from "./storage.ts";

/** What a directory asks of the disk that it is on. */
export interface DirectoryWork {
  readonly storage: DiskStorage;
  readonly files: FileRequests;
  /** Makes a request on an object of this name. */
  ask<T>(object: string, errand: Errand<T>): DiskRequest<T>;
  /** Whether a request on something of this name meets a fault. */
  meets(fault: DiskFault, name: string): boolean;
  /** @throws LatchworkError DIRECTORY_CHANGED if the path of the disk leads elsewhere by now. */
  refuseReplaced(): void;
}

/** One directory of a simulated disk. That of the disk outlives crashes; those below do not. */
export class SimDirectory implements Disk {
  readonly #work: DirectoryWork;
  readonly #node: Directory;
  /** The directory that it is in, or null for the topmost; and its path from there. */
  readonly #parent: SimDirectory | null;
  readonly #path: string;
  /** How many crashes the disk had seen when it was opened. */
  readonly #crashes: number;

  constructor(work: DirectoryWork, node: Directory, parent: SimDirectory | null, path: string) {
    this.#work = work;
    this.#node = node;
    this.#parent = parent;
    this.#path = path;
    this.#crashes = work.storage.crashes;
  }

  /** What it is called in reports. */
  get label(): string {
    return this.#path === "" ? "the directory" : `the directory ${this.#path}`;
  }

  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    const { storage, files } = this.#work;
    const isCreate = mode === "create";
    return this.#ask({
      fact: { kind: "file-open", name, mode, directory: this.#path },
      access: isCreate ? ACCESS_WRITE : ACCESS_READ,
      work: "none",
      perform: () => {
        if (isCreate) this.#mayChange(name);
        const node = this.#node;
        const body = isCreate ? storage.create(node, name) : storage.find(node, name);
        const isThere = (): boolean => this.#isThere && node.file(name) === body;
        const { crashes } = storage;
        const path = this.#pathOf(name);
        const canWrite = mode !== "read";
        return new SimDiskFile(files, { name, path, body, canWrite, crashes, isThere });
      },
      ...(isCreate ? { happenAnyway: () => void storage.create(this.#node, name) } : {}),
    });
  }

  list(): DiskRequest<readonly string[]> {
    return this.#ask({
      fact: { kind: "directory-list", directory: this.#path },
      access: ACCESS_READ,
      work: "none",
      perform: () => this.#names(false),
    });
  }

  rename(from: string, to: string): DiskRequest<void> {
    const rename = (): void => this.#work.storage.rename(this.#node, from, to);
    const fact: FileFact = { kind: "file-rename", name: from, to, directory: this.#path };
    return this.#changeNames(fact, from, rename);
  }

  remove(name: string): DiskRequest<void> {
    const remove = (): void => this.#work.storage.remove(this.#node, name);
    return this.#changeNames({ kind: "file-remove", name, directory: this.#path }, name, remove);
  }

  syncDirectory(): DiskRequest<void> {
    return this.#ask({
      fact: { kind: "directory-sync", directory: this.#path },
      access: ACCESS_WRITE,
      work: "sync",
      perform: () => {
        if (this.#work.meets("failed sync", this.label)) {
          this.#node.failSync();
          throw diskError(`sync of ${this.label}`);
        }
        this.#node.sync();
        this.#work.refuseReplaced();
        this.#refuseRemoved();
      },
    });
  }

  directory(name: string, mode: DirectoryMode): DiskRequest<Disk> {
    const { storage } = this.#work;
    const isCreate = mode === "create";
    return this.#ask({
      fact: { kind: "directory-open", name, mode, directory: this.#path },
      access: isCreate ? ACCESS_WRITE : ACCESS_READ,
      work: "none",
      perform: (): Disk => {
        if (isCreate) this.#mayChange(name);
        const node = this.#node;
        const child = isCreate
          ? storage.makeDirectory(node, name)
          : storage.findDirectory(node, name);
        return new SimDirectory(this.#work, child, this, this.#pathOf(name));
      },
      ...(isCreate ? { happenAnyway: () => void storage.makeDirectory(this.#node, name) } : {}),
    });
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return this.#ask({
      fact: { kind: "directories-list", directory: this.#path },
      access: ACCESS_READ,
      work: "none",
      perform: () => this.#names(true),
    });
  }

  removeDirectory(name: string): DiskRequest<void> {
    const remove = (): void => this.#work.storage.removeDirectory(this.#node, name);
    const fact: FileFact = { kind: "directory-remove", name, directory: this.#path };
    return this.#changeNames(fact, name, remove);
  }

  #changeNames(fact: FileFact, name: string, change: () => void): DiskRequest<void> {
    return this.#ask({
      fact,
      access: ACCESS_WRITE,
      work: "none",
      perform: () => {
        this.#mayChange(name);
        change();
      },
      happenAnyway: change,
    });
  }

  #ask<T>(errand: Errand<T>): DiskRequest<T> {
    const isOfNow = this.#parent === null || this.#crashes === this.#work.storage.crashes;
    assert(isOfNow, "an open directory does not outlive a crash");
    return this.#work.ask(this.label, errand);
  }

  /** @throws LatchworkError if a name cannot be changed. */
  #mayChange(name: string): void {
    const path = this.#pathOf(name);
    if (this.#work.meets("write error", path)) throw diskError(`change of ${path}`);
    this.#work.refuseReplaced();
    this.#refuseRemoved();
  }

  /** Whether its path leads to it still: nothing but a removal takes it away. */
  get #isThere(): boolean {
    const parent = this.#parent;
    if (parent === null) return true;
    return parent.#isThere && [...parent.#node.names.values()].includes(this.#node);
  }

  #refuseRemoved(): void {
    if (!this.#isThere) throw directoryChanged(`${this.label} was removed`);
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}/${name}`;
  }

  #names(areDirectories: boolean): string[] {
    return [...this.#node.names]
      .flatMap(([name, entry]) => (entry instanceof Directory === areDirectories ? [name] : []))
      .toSorted();
  }
}

/** The fault of whoever has a file or directory open that is not to be found any more. */
export function directoryChanged(what: string): LatchworkError {
  return new LatchworkError("DIRECTORY_CHANGED", `${what} while it was open`);
}

/** The fault of a disk that reports an error. */
export function diskError(what: string): LatchworkError {
  return new LatchworkError("DISK_ERROR", `${what}: the disk reports an error, expected none`);
}
