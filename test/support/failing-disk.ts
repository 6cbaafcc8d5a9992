import { type Disk, type DiskFile, DiskRequest, LatchworkError } from "../../src/task/index.ts";

/** A request that fails as soon as it is asked for. */
class FailedRequest extends DiskRequest<never> {
  readonly #what: string;

  constructor(what: string) {
    super();
    this.#what = what;
  }

  get value(): never {
    throw new Error("a request that failed has no result");
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    throw new LatchworkError("DISK_ERROR", `${this.#what} (EIO)`);
  }
}

/** A disk of which one sync or one read fails, of a file whose name begins as said, when it is told so. */
export class FailingDisk implements Disk {
  readonly #disk: Disk;
  /** The next sync of such a file fails; null: none does. */
  failNextSyncOf: string | null = null;
  /** The next read of such a file fails; null: none does. */
  failNextReadOf: string | null = null;
  /** Syncs asked for since one has failed, of files of that kind. */
  syncsAfterFailure = 0;
  #failed: string | null = null;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  open(name: string, mode: "read" | "write" | "create"): DiskRequest<DiskFile> {
    return new OpenRequest(this.#disk.open(name, mode), (file) => this.#wrap(file));
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

  /** What is in there does not fail. */
  directory(name: string, mode: "open" | "create"): DiskRequest<Disk> {
    return this.#disk.directory(name, mode);
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return this.#disk.listDirectories();
  }

  removeDirectory(name: string): DiskRequest<void> {
    return this.#disk.removeDirectory(name);
  }

  #wrap(file: DiskFile): DiskFile {
    return {
      name: file.name,
      read: (at, into) => this.#read(file, at, into),
      write: (at, bytes) => file.write(at, bytes),
      confirm: () => file.confirm(),
      size: () => file.size(),
      truncate: (bytes) => file.truncate(bytes),
      close: () => file.close(),
      sync: () => this.#sync(file),
    };
  }

  #read(file: DiskFile, at: number, into: Uint8Array): DiskRequest<number> {
    const isRight = this.failNextReadOf === null || !file.name.startsWith(this.failNextReadOf);
    if (isRight) return file.read(at, into);
    this.failNextReadOf = null;
    return new FailedRequest(`${file.name}: cannot read`);
  }

  #sync(file: DiskFile): DiskRequest<void> {
    const { name } = file;
    if (this.#failed !== null && name.startsWith(this.#failed)) this.syncsAfterFailure++;
    if (this.failNextSyncOf === null || !name.startsWith(this.failNextSyncOf)) return file.sync();
    this.#failed = this.failNextSyncOf;
    this.failNextSyncOf = null;
    return new FailedRequest(`${name}: cannot sync`);
  }
}

/** An open under way whose file comes wrapped. */
class OpenRequest extends DiskRequest<DiskFile> {
  readonly #request: DiskRequest<DiskFile>;
  readonly #wrap: (file: DiskFile) => DiskFile;

  constructor(request: DiskRequest<DiskFile>, wrap: (file: DiskFile) => DiskFile) {
    super();
    this.#request = request;
    this.#wrap = wrap;
  }

  get value(): DiskFile {
    return this.#wrap(this.#request.value);
  }

  override isEnabled(task: Parameters<DiskRequest<void>["isEnabled"]>[0]): boolean {
    return this.#request.isEnabled(task);
  }

  override take(task: Parameters<DiskRequest<void>["take"]>[0]): boolean {
    return this.#request.take(task);
  }

  /** The one that is woken is the request within. */
  override *[Symbol.iterator](): ReturnType<DiskRequest<DiskFile>[typeof Symbol.iterator]> {
    return this.#wrap(yield* this.#request);
  }
}
