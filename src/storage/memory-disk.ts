import {
  assert,
  type DirectoryMode,
  type Disk,
  type DiskFile,
  DiskRequest,
  type Fact,
  LatchworkError,
  type OpenMode,
} from "../task/index.ts";

/** The bytes of one file in memory. They outlive the file's name for whoever has it open. */
export class MemoryContents {
  #buffer: Uint8Array = new Uint8Array(0);
  #size = 0;

  /** The bytes themselves, not a copy. Valid until the size changes. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  get size(): number {
    return this.#size;
  }

  /** Cuts the file, or makes it longer with zeros. */
  resize(bytes: number): void {
    if (bytes > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(bytes, 2 * this.#buffer.length));
      larger.set(this.bytes);
      this.#buffer = larger;
    }
    // What is beyond the end is zero always, so that growing uncovers nothing old.
    this.#buffer.fill(0, Math.min(bytes, this.#size), this.#size);
    this.#size = bytes;
  }

  /** Puts `bytes` at a place, making the file longer if need be. */
  write(at: number, bytes: Uint8Array): void {
    if (at + bytes.length > this.#size) this.resize(at + bytes.length);
    this.#buffer.set(bytes, at);
  }

  clone(): MemoryContents {
    const copy = new MemoryContents();
    copy.write(0, this.bytes);
    return copy;
  }
}

/**
 * A directory of files in memory, for tests and for browsers.
 *
 * Nothing is ever lost and nothing waits: a request is always enabled and is carried out when it is
 * taken, which makes the moment of taking it the moment at which it happens.
 */
export class MemoryDisk implements Disk {
  /** The files by name. Tests may look at them and damage them. */
  readonly files: Map<string, MemoryContents> = new Map();
  /** The directories in it, by name. */
  readonly directories: Map<string, MemoryDisk> = new Map();

  /** A disk with the same files, which from now on change apart from these. O(bytes). */
  clone(): MemoryDisk {
    const copy = new MemoryDisk();
    for (const [name, contents] of this.files) copy.files.set(name, contents.clone());
    for (const [name, directory] of this.directories) copy.directories.set(name, directory.clone());
    return copy;
  }

  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    return new MemoryRequest("open", name, (): DiskFile => {
      if (mode !== "create") return new MemoryFile(name, this.#find("open", name), mode);
      refuseTaken(name, this.directories);
      const contents = this.files.get(name) ?? new MemoryContents();
      contents.resize(0);
      this.files.set(name, contents);
      return new MemoryFile(name, contents, mode);
    });
  }

  list(): DiskRequest<readonly string[]> {
    return new MemoryRequest("list", "files", () => [...this.files.keys()]);
  }

  rename(from: string, to: string): DiskRequest<void> {
    return new MemoryRequest("rename", `${from} to ${to}`, () => {
      const contents = this.#find("rename", from);
      refuseTaken(to, this.directories);
      this.files.delete(from);
      this.files.set(to, contents);
    });
  }

  remove(name: string): DiskRequest<void> {
    return new MemoryRequest("remove", name, () => {
      this.#find("remove", name);
      this.files.delete(name);
    });
  }

  syncDirectory(): DiskRequest<void> {
    return new MemoryRequest("sync", "directory", () => undefined);
  }

  directory(name: string, mode: DirectoryMode): DiskRequest<Disk> {
    return new MemoryRequest("open directory", name, (): Disk => {
      refuseTaken(name, this.files);
      if (mode !== "create") return this.#findDirectory("open", name);
      const directory = this.directories.get(name) ?? new MemoryDisk();
      this.directories.set(name, directory);
      return directory;
    });
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return new MemoryRequest("list", "directories", () => [...this.directories.keys()]);
  }

  removeDirectory(name: string): DiskRequest<void> {
    return new MemoryRequest("remove directory", name, () => {
      const { files, directories } = this.#findDirectory("remove", name);
      if (files.size + directories.size > 0) {
        throw new LatchworkError("DISK_ERROR", `${name}: cannot remove: it is not empty`);
      }
      this.directories.delete(name);
    });
  }

  #findDirectory(operation: string, name: string): MemoryDisk {
    const directory = this.directories.get(name);
    if (directory !== undefined) return directory;
    const what = `${name}: cannot ${operation}: no such directory`;
    throw new LatchworkError("NO_SUCH_FILE", what);
  }

  #find(operation: string, name: string): MemoryContents {
    const contents = this.files.get(name);
    if (contents !== undefined) return contents;
    throw new LatchworkError("NO_SUCH_FILE", `${name}: cannot ${operation}: no such file`);
  }
}

/** Refuses a name that stands for something of the other kind. */
function refuseTaken(name: string, others: ReadonlyMap<string, unknown>): void {
  if (!others.has(name)) return;
  throw new LatchworkError("DISK_ERROR", `${name}: the name is taken by something else`);
}

/** An open file of a {@link MemoryDisk}. */
class MemoryFile implements DiskFile {
  readonly name: string;
  readonly #contents: MemoryContents;
  readonly #mode: OpenMode;
  #isOpen = true;

  constructor(name: string, contents: MemoryContents, mode: OpenMode) {
    this.name = name;
    this.#contents = contents;
    this.#mode = mode;
  }

  read(at: number, into: Uint8Array): DiskRequest<number> {
    return this.#request("read", () => {
      const found = this.#contents.bytes.subarray(at, at + into.length);
      into.set(found);
      return found.length;
    });
  }

  write(at: number, bytes: Uint8Array): DiskRequest<void> {
    return this.#request("write", () => {
      this.#assertWritable();
      this.#contents.write(at, bytes);
    });
  }

  sync(): DiskRequest<void> {
    return this.#request("sync", () => undefined);
  }

  /** No other program can reach its name. */
  confirm(): void {}

  size(): DiskRequest<number> {
    return this.#request("size", () => this.#contents.size);
  }

  truncate(bytes: number): DiskRequest<void> {
    return this.#request("truncate", () => {
      this.#assertWritable();
      this.#contents.resize(bytes);
    });
  }

  close(): DiskRequest<void> {
    return this.#request("close", () => {
      this.#isOpen = false;
    });
  }

  #request<T>(operation: string, perform: () => T): DiskRequest<T> {
    return new MemoryRequest(operation, this.name, () => {
      assert(this.#isOpen, "a closed file is not used");
      return perform();
    });
  }

  #assertWritable(): void {
    assert(this.#mode !== "read", "a file opened to be read is not changed");
  }
}

/** A request that is carried out at the moment it is taken. */
class MemoryRequest<T> extends DiskRequest<T> {
  readonly #operation: string;
  readonly #name: string;
  readonly #perform: () => T;
  #result: { readonly value: T } | null = null;

  constructor(operation: string, name: string, perform: () => T) {
    super();
    this.#operation = operation;
    this.#name = name;
    this.#perform = perform;
  }

  get value(): T {
    assert(this.#result !== null, "a request has a result once it is taken");
    return this.#result.value;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#result ??= { value: this.#perform() };
    return true;
  }

  override fact(): Fact {
    return { kind: "file-request", operation: this.#operation, name: this.#name };
  }
}
