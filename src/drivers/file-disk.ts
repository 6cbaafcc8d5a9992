import * as fs from "node:fs";
import {
  assert,
  type DirectoryMode,
  type Disk,
  type DiskFile,
  DiskRequest,
  type ErrorCode,
  type Fact,
  type Host,
  LatchworkError,
  type OpenMode,
  type Step,
} from "../task/index.ts";
import { type FileDirectory, identityOf } from "./file-directory.ts";
import { DescriptorUses } from "./descriptor-uses.ts";

type SystemError = NodeJS.ErrnoException | null;

const { O_CREAT, O_DSYNC, O_EXCL, O_RDONLY, O_RDWR } = fs.constants;

const OPEN_FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  write: O_RDWR,
  // Never with O_TRUNC: see FileDisk.open.
  create: O_RDWR | O_CREAT | O_EXCL,
};

/** How the files of a {@link FileDisk} are treated. */
export interface FileDiskOptions {
  /**
   * Which files are opened with O_DSYNC: each of their writes ends only once it is durable, as if
   * fdatasync had followed, and a sync after it has nothing left to do. For files of which every
   * write is synced: that is one trip to the thread pool, not two. Only where O_DSYNC empties the
   * drive's cache too, as on Linux. Default: none.
   */
  readonly isWrittenThrough?: (name: string) => boolean;
  /**
   * Throws a LatchworkError once another process may change the files. Asked before each change of
   * names and at the end of each sync. Default: never.
   */
  readonly confirm?: () => void;
  /** As `confirm`, but asked before each write: it must cost next to nothing. Default: never. */
  readonly confirmWrite?: () => void;
}

/**
 * A directory of real files, over Node's thread pool.
 *
 * A request is under way as soon as it is made, and many may be at once. Nothing is ever tried
 * twice: after a failed sync it is unknown what is on the disk, so that has to be the caller's
 * business (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
 *
 * A sync has succeeded only if what was synced can be found: it ends with DIRECTORY_CHANGED if the
 * file, or the whole directory, was renamed, removed or replaced. No name is changed in a directory
 * to which its path does not lead any more. Both looks are synchronous calls of some microseconds,
 * a twentieth of what a trip to the thread pool costs.
 */
export class FileDisk implements Disk {
  readonly #directory: FileDirectory;
  readonly #host: Host;
  readonly #isWrittenThrough: (name: string) => boolean;
  readonly #confirm: () => void;
  readonly #confirmWrite: () => void;
  readonly #options: FileDiskOptions;

  /** Whoever opened the directory closes it, once no more requests are to be made. */
  constructor(directory: FileDirectory, host: Host, options: FileDiskOptions = {}) {
    this.#directory = directory;
    this.#host = host;
    this.#options = options;
    this.#isWrittenThrough = options.isWrittenThrough ?? (() => false);
    this.#confirm = options.confirm ?? (() => undefined);
    this.#confirmWrite = options.confirmWrite ?? (() => undefined);
  }

  /**
   * As {@link Disk.open}. A file that exists is emptied only once it is open, and the directory
   * confirmed anew: a request that the system carries out late, for a process that slept, can make
   * a file but never spoil one.
   */
  open(name: string, mode: OpenMode): DiskRequest<DiskFile> {
    const path = this.#directory.pathOf(name);
    const request = this.#request<DiskFile>("open", name);
    const isThrough = mode !== "read" && this.#isWrittenThrough(name);
    const through = isThrough ? O_DSYNC : 0;
    const opened = (error: SystemError, descriptor: number): void => {
      if (error) request.fail(error);
      else request.passes(() => request.succeed(this.#opened(name, descriptor, isThrough)));
    };
    if (mode !== "create") fs.open(path, OPEN_FLAGS[mode] | through, opened);
    else if (this.#mayChange(request)) {
      fs.open(path, OPEN_FLAGS.create | through, (error, descriptor) => {
        if (error?.code !== "EEXIST") opened(error, descriptor);
        else if (this.#mayChange(request)) openEmptied(path, OPEN_FLAGS.write | through, opened);
      });
    }
    return request;
  }

  list(): DiskRequest<readonly string[]> {
    return this.#list((entry) => entry.isFile());
  }

  rename(from: string, to: string): DiskRequest<void> {
    const [oldPath, newPath] = [this.#directory.pathOf(from), this.#directory.pathOf(to)];
    const request = this.#request<void>("rename", from);
    if (this.#mayChange(request)) fs.rename(oldPath, newPath, request.finished);
    return request;
  }

  remove(name: string): DiskRequest<void> {
    const path = this.#directory.pathOf(name);
    const request = this.#request<void>("remove", name);
    if (this.#mayChange(request)) fs.unlink(path, request.finished);
    return request;
  }

  syncDirectory(): DiskRequest<void> {
    const request = this.#request<void>("sync", this.#directory.path);
    this.#directory.sync((error) => {
      if (error) request.fail(error);
      else if (this.#mayChange(request)) request.finished(null);
    });
    return request;
  }

  /** As {@link Disk.directory}. It is closed with this one, and treats its files alike. */
  directory(name: string, mode: DirectoryMode): DiskRequest<Disk> {
    const path = this.#directory.pathOf(name);
    const request = this.#request<Disk>("open", name);
    const opened = (): void =>
      void request.passes(() => {
        const child = this.#directory.child(name);
        request.succeed(new FileDisk(child, this.#host, this.#options));
      });
    if (mode === "open") opened();
    else if (this.#mayChange(request)) {
      fs.mkdir(path, (error) => {
        if (error && error.code !== "EEXIST") request.fail(error);
        else opened();
      });
    }
    return request;
  }

  listDirectories(): DiskRequest<readonly string[]> {
    return this.#list((entry) => entry.isDirectory());
  }

  removeDirectory(name: string): DiskRequest<void> {
    const request = this.#request<void>("remove", name);
    if (this.#mayChange(request)) this.#directory.removeChild(name, request.finished);
    return request;
  }

  #list(isWanted: (entry: fs.Dirent) => boolean): DiskRequest<readonly string[]> {
    const { path, place } = this.#directory;
    const request = this.#request<readonly string[]>("list", path);
    fs.readdir(place, { withFileTypes: true }, (error, entries) => {
      if (error) request.fail(error);
      else request.succeed(entries.filter((entry) => isWanted(entry)).map(({ name }) => name));
    });
    return request;
  }

  #request<T>(operation: string, name: string): FileRequest<T> {
    return new FileRequest<T>(this.#host, operation, name, this.#directory.uses);
  }

  #opened(name: string, descriptor: number, isThrough: boolean): OpenFile {
    const identity = identityOf(descriptor);
    assert(identity !== null, "a file that is open is there");
    const confirm = (): void => {
      this.#directory.confirmFile(name, identity);
      this.#confirm();
    };
    const confirmWrite = this.#confirmWrite;
    return new OpenFile({ host: this.#host, name, descriptor, isThrough, confirm, confirmWrite });
  }

  /** Whether names may be changed; if not, the request has failed. */
  #mayChange(request: FileRequest<unknown>): boolean {
    return request.passes(() => {
      this.#directory.confirm();
      this.#confirm();
    });
  }
}

interface OpenFileParts {
  readonly host: Host;
  readonly name: string;
  readonly descriptor: number;
  readonly isThrough: boolean;
  /** Throws a LatchworkError if the file is not to be found any more. */
  readonly confirm: () => void;
  /** Throws a LatchworkError if nothing may be written any more. */
  readonly confirmWrite: () => void;
}

/** Opens a file that exists, and empties it. */
function openEmptied(
  path: string,
  flags: number,
  opened: (error: SystemError, descriptor: number) => void,
): void {
  fs.open(path, flags, (error, descriptor) => {
    if (error) opened(error, descriptor);
    else {
      fs.ftruncate(descriptor, 0, (truncateError) => {
        if (truncateError) fs.close(descriptor, () => opened(truncateError, descriptor));
        else opened(null, descriptor);
      });
    }
  });
}

/** An open file of a {@link FileDisk}. */
class OpenFile implements DiskFile {
  readonly name: string;
  readonly #asked: RequestedFile;
  readonly #host: Host;
  readonly #descriptor: number;
  readonly #isThrough: boolean;
  readonly #confirm: () => void;
  readonly #confirmWrite: () => void;
  readonly #uses = new DescriptorUses();
  #isOpen = true;
  /** Whether there may be something that no write has made durable: a size, to begin with. */
  #isUnsynced = true;

  constructor({ host, name, descriptor, isThrough, confirm, confirmWrite }: OpenFileParts) {
    this.name = name;
    this.#asked = { host, name, descriptor, uses: this.#uses };
    this.#host = host;
    this.#descriptor = descriptor;
    this.#isThrough = isThrough;
    this.#confirm = confirm;
    this.#confirmWrite = confirmWrite;
  }

  read(at: number, into: Uint8Array): DiskRequest<number> {
    this.#assertOpen();
    return new ReadRequest(this.#asked, at, into);
  }

  write(at: number, bytes: Uint8Array): DiskRequest<void> {
    this.#assertOpen();
    const request = new WriteRequest(this.#asked, at, bytes);
    if (request.passes(this.#confirmWrite)) request.begin();
    return request;
  }

  /** fdatasync: bytes, and the size if it changed, for without it they could not be read. */
  sync(): DiskRequest<void> {
    this.#assertOpen();
    const request = new FileRequest<void>(this.#host, "sync", this.name, this.#uses);
    const synced = (error: SystemError): void => {
      if (error) {
        this.#isUnsynced = true;
        request.fail(error);
      } else if (request.passes(this.#confirm)) request.finished(null);
    };
    if (this.#isThrough && !this.#isUnsynced) synced(null);
    else {
      this.#isUnsynced = false;
      fs.fdatasync(this.#descriptor, synced);
    }
    return request;
  }

  confirm(): void {
    this.#assertOpen();
    this.#confirm();
  }

  size(): DiskRequest<number> {
    this.#assertOpen();
    const request = new FileRequest<number>(this.#host, "look at", this.name, this.#uses);
    fs.fstat(this.#descriptor, (error, status) => {
      if (error) request.fail(error);
      else request.succeed(status.size);
    });
    return request;
  }

  truncate(bytes: number): DiskRequest<void> {
    this.#assertOpen();
    this.#isUnsynced = true;
    const request = new FileRequest<void>(this.#host, "truncate", this.name, this.#uses);
    if (request.passes(this.#confirmWrite)) {
      fs.ftruncate(this.#descriptor, bytes, request.finished);
    }
    return request;
  }

  /** Waits for the requests that are under way: see {@link DescriptorUses}. */
  close(): DiskRequest<void> {
    this.#assertOpen();
    this.#isOpen = false;
    const request = new FileRequest<void>(this.#host, "close", this.name, null);
    this.#uses.whenUnused(() => fs.close(this.#descriptor, request.finished));
    return request;
  }

  #assertOpen(): void {
    // The descriptor may be another file's once this one is closed: a write would destroy it.
    assert(this.#isOpen, "a closed file is not used");
  }
}

/** A request under way in the system; enabled once it is over, one way or the other. */
class FileRequest<T> extends DiskRequest<T> {
  /** For callbacks that bring no result: the request has failed or is done. */
  readonly finished: (error: SystemError) => void = (error) => {
    if (error) this.fail(error);
    else this.#end();
  };
  readonly #host: Host;
  readonly #operation: string;
  readonly #fileName: string;
  readonly #uses: DescriptorUses | null;
  #isDone = false;
  #fault: LatchworkError | null = null;
  #value: T | undefined = undefined;
  #joined: Step[] | null = null;

  /** @param uses Of the descriptor that it uses until its end; null if that is to be closed. */
  constructor(host: Host, operation: string, fileName: string, uses: DescriptorUses | null) {
    super();
    this.#host = host;
    this.#operation = operation;
    this.#fileName = fileName;
    this.#uses = uses;
    uses?.begin();
  }

  get value(): T {
    assert(this.#isDone && this.#fault === null, "a request has a result once it is taken");
    return this.#value as T;
  }

  override isEnabled(): boolean {
    return this.#isDone;
  }

  override take(): boolean {
    assert(this.#isDone, "a request is taken once it is done");
    if (this.#fault !== null) throw this.#fault;
    return true;
  }

  override join(step: Step): void {
    if (this.#isDone) this.#host.wake(step);
    else if (this.#joined === null) this.#joined = [step];
    else this.#joined.push(step);
  }

  override fact(): Fact {
    return { kind: "file-request", operation: this.#operation, name: this.#fileName };
  }

  succeed(value: T): void {
    this.#value = value;
    this.#end();
  }

  fail(error: NodeJS.ErrnoException): void {
    this.#fault = faultOf(error, this.#operation, this.#fileName);
    this.#end();
  }

  /** Makes a check that throws a LatchworkError; if it does, the request has failed of that. */
  passes(check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.#fault = error;
      this.#end();
      return false;
    }
  }

  #end(): void {
    this.#isDone = true;
    this.#uses?.end();
    this.#host.wake(this);
    const joined = this.#joined;
    this.#joined = null;
    if (joined !== null) for (const step of joined) this.#host.wake(step);
  }
}

/** What a request needs of the file that it reads or writes. */
interface RequestedFile {
  readonly host: Host;
  readonly name: string;
  readonly descriptor: number;
  readonly uses: DescriptorUses;
}

/** Reads until the buffer is full or the file ends: the system may give less at a time. */
class ReadRequest extends FileRequest<number> {
  readonly #descriptor: number;
  readonly #at: number;
  readonly #into: Uint8Array;
  #count = 0;

  constructor(file: RequestedFile, at: number, into: Uint8Array) {
    super(file.host, "read", file.name, file.uses);
    this.#descriptor = file.descriptor;
    this.#at = at;
    this.#into = into;
    this.#readOn();
  }

  #readOn(): void {
    const left = this.#into.length - this.#count;
    const at = this.#at + this.#count;
    fs.read(this.#descriptor, this.#into, this.#count, left, at, this.#progressed);
  }

  readonly #progressed = (error: SystemError, count: number): void => {
    if (error) {
      this.fail(error);
      return;
    }
    this.#count += count;
    if (count === 0 || this.#count === this.#into.length) this.succeed(this.#count);
    else this.#readOn();
  };
}

/** Writes until every byte is written: the system may take fewer at a time. */
class WriteRequest extends FileRequest<void> {
  readonly #descriptor: number;
  readonly #at: number;
  readonly #bytes: Uint8Array;
  #count = 0;

  constructor(file: RequestedFile, at: number, bytes: Uint8Array) {
    super(file.host, "write", file.name, file.uses);
    this.#descriptor = file.descriptor;
    this.#at = at;
    this.#bytes = bytes;
  }

  begin(): void {
    this.#writeOn();
  }

  #writeOn(): void {
    const left = this.#bytes.length - this.#count;
    const at = this.#at + this.#count;
    fs.write(this.#descriptor, this.#bytes, this.#count, left, at, this.#progressed);
  }

  readonly #progressed = (error: SystemError, count: number): void => {
    if (error) {
      this.fail(error);
      return;
    }
    this.#count += count;
    // Nothing written and no error: a full disk, on some file systems.
    if (this.#count === this.#bytes.length) this.succeed(undefined);
    else if (count === 0) this.fail(Object.assign(new Error("no progress"), { code: "ENOSPC" }));
    else this.#writeOn();
  };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "NO_SPACE",
  EDQUOT: "NO_SPACE",
  EFBIG: "NO_SPACE",
  ENOENT: "NO_SUCH_FILE",
};

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  NO_SPACE: "there is no space for it",
  NO_SUCH_FILE: "there is no such file",
  DISK_ERROR: "the system refused",
};

/** Says in our words what the system said in its own. */
function faultOf(
  error: NodeJS.ErrnoException,
  operation: string,
  fileName: string,
): LatchworkError {
  const errno = error.code ?? "unknown error";
  const code = CODES[errno] ?? "DISK_ERROR";
  return new LatchworkError(
    code,
    `${fileName}: cannot ${operation}: ${REASONS[code] ?? "it failed"} (${errno})`,
  );
}
