import {
  type Disk,
  type DiskFile,
  DiskRequest,
  LatchworkError,
  type OpenMode,
} from "../../src/task/index.ts";

class Request<T> extends DiskRequest<T> {
  readonly #run: () => T;
  #result: { readonly of: T } | null = null;

  constructor(label: string, run: () => T) {
    super();
    this.label = label;
    this.#run = run;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#result = { of: this.#run() };
    return true;
  }

  override get value(): T {
    if (this.#result === null) throw new Error("not taken");
    return this.#result.of;
  }
}

interface Sector {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A file as it is and as it is on the platter, and what was written since the last sync. */
class Contents {
  now: Uint8Array = new Uint8Array(0);
  durable: Uint8Array = new Uint8Array(0);
  unsynced: Sector[] = [];

  write(at: number, bytes: Uint8Array): void {
    this.now = written(this.now, at, bytes);
    // Cut where sectors end in the file: a sector is on the platter as a whole or not at all.
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, from + SECTOR - ((at + from) % SECTOR));
      this.unsynced.push({ at: at + from, bytes: bytes.slice(from, to) });
      from = to;
    }
  }

  sync(): void {
    this.durable = this.now.slice();
    this.unsynced = [];
  }

  crash(survives: () => boolean): void {
    for (const { at, bytes } of this.unsynced) {
      if (survives()) this.durable = written(this.durable, at, bytes);
    }
    this.now = this.durable.slice();
    this.unsynced = [];
  }
}

const SECTOR = 512;

function written(old: Uint8Array, at: number, bytes: Uint8Array): Uint8Array {
  const next = new Uint8Array(Math.max(old.length, at + bytes.length));
  next.set(old);
  next.set(bytes, at);
  return next;
}

/** A disk in memory that can lose what was not synced, sector by sector, and can fail. */
export class CrashingDisk implements Disk {
  /** Files by name, as they are now. */
  readonly files: Map<string, Contents> = new Map();
  /** Files by name, as they would be after a crash. */
  #durableNames: Map<string, Contents> = new Map();
  /** How many zeros a write to the log that makes it longer puts behind itself. */
  zerosAhead = 0;
  /** Bytes that may still be written before there is no room. */
  room = Number.POSITIVE_INFINITY;
  /** Syncs, of files or the directory, that succeed before one fails. */
  syncsLeft = Number.POSITIVE_INFINITY;
  /** What was done, one word each: `write log-...`. */
  readonly done: string[] = [];
  onSync: () => void = () => undefined;

  bytesOf(name: string): Uint8Array {
    const contents = this.files.get(name);
    if (contents === undefined) throw new Error(`no file ${name}`);
    return contents.now;
  }

  /** Makes a file, durable. */
  put(name: string, bytes: Uint8Array): void {
    const contents = new Contents();
    contents.write(0, bytes);
    contents.sync();
    this.files.set(name, contents);
    this.#durableNames.set(name, contents);
  }

  /** Loses power: each sector not synced is on the platter or not. Names not synced are gone. */
  crash(survives: () => boolean): void {
    this.files.clear();
    for (const [name, contents] of this.#durableNames) {
      contents.crash(survives);
      this.files.set(name, contents);
    }
  }

  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    return new Request(`open ${name}`, () => {
      if (mode === "create") {
        this.done.push(`create ${name}`);
        this.files.set(name, new Contents());
      }
      const contents = this.files.get(name);
      if (contents === undefined) throw new LatchworkError("NO_SUCH_FILE", `${name}: no such file`);
      return this.#file(name, contents);
    });
  }

  list(): DiskRequest<readonly string[]> {
    return new Request("list", () => [...this.files.keys()]);
  }

  rename(from: string, to: string): DiskRequest<void> {
    return new Request("rename", () => {
      const contents = this.files.get(from);
      if (contents === undefined) throw new LatchworkError("NO_SUCH_FILE", `${from}: no such file`);
      this.done.push(`rename ${from} ${to}`);
      this.files.delete(from);
      this.files.set(to, contents);
    });
  }

  remove(name: string): DiskRequest<void> {
    return new Request("remove", () => {
      this.done.push(`remove ${name}`);
      this.files.delete(name);
    });
  }

  syncDirectory(): DiskRequest<void> {
    return new Request("sync directory", () => {
      this.#countSync("directory");
      this.#durableNames = new Map(this.files);
    });
  }

  directory(name: string): DiskRequest<Disk> {
    return new Request("open directory", () => {
      throw new LatchworkError("NO_SUCH_FILE", `${name}: this disk has no directories`);
    });
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return new Request("list directories", () => []);
  }

  removeDirectory(name: string): DiskRequest<void> {
    return new Request("remove directory", () => {
      throw new LatchworkError("NO_SUCH_FILE", `${name}: this disk has no directories`);
    });
  }

  #file(name: string, contents: Contents): DiskFile {
    return {
      name,
      read: (at, into) =>
        new Request("read", () => {
          const found = contents.now.subarray(at, at + into.length);
          into.set(found);
          return found.length;
        }),
      write: (at, bytes) => new Request("write", () => this.#write(name, contents, at, bytes)),
      sync: () =>
        new Request("sync", () => {
          this.#countSync(name);
          contents.sync();
        }),
      confirm: () => undefined,
      size: () => new Request("size", () => contents.now.length),
      truncate: (bytes) =>
        new Request("truncate", () => {
          contents.now = contents.now.slice(0, bytes);
        }),
      close: () => new Request("close", () => undefined),
    };
  }

  #write(name: string, contents: Contents, at: number, bytes: Uint8Array): void {
    this.done.push(`write ${name}`);
    if (bytes.length > this.room) {
      contents.write(at, bytes.subarray(0, this.room));
      this.room = 0;
      throw new LatchworkError("NO_SPACE", `${name}: no space left on the disk`);
    }
    this.room -= bytes.length;
    const zeros = at > 0 && name.startsWith("log-") ? this.zerosAhead : 0;
    const isLonger = at + bytes.length > contents.now.length;
    contents.write(at, isLonger ? written(bytes, bytes.length, new Uint8Array(zeros)) : bytes);
  }

  #countSync(name: string): void {
    this.done.push(`sync ${name}`);
    this.onSync();
    if (this.syncsLeft === 0) throw new LatchworkError("DISK_ERROR", `${name}: input/output error`);
    this.syncsLeft--;
  }
}
