import * as fs from "node:fs";
import {
  assert,
  type DirectoryMode,
  type Disk,
  type DiskFile,
  type DiskRequest,
  type Host,
  type OpenMode,
} from "../task/index.ts";
import { type FileDirectory, identityOf } from "./file-directory.ts";
import { FileRequest, type SystemError } from "./file-request.ts";
import { FileReserve } from "./file-reserve.ts";
import { OpenFile } from "./open-file.ts";

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
   * Which files are given room ahead of their end, in which zeros are found after a crash. For
   * files that are appended to, one write at a time, and whose readers know their end by
   * themselves; see {@link FileReserve}. Default: none.
   */
  readonly isGivenRoom?: (name: string) => boolean;
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
  readonly #isGivenRoom: (name: string) => boolean;
  readonly #confirm: () => void;
  readonly #confirmWrite: () => void;
  readonly #options: FileDiskOptions;

  /** Whoever opened the directory closes it, once no more requests are to be made. */
  constructor(directory: FileDirectory, host: Host, options: FileDiskOptions = {}) {
    this.#directory = directory;
    this.#host = host;
    this.#options = options;
    this.#isWrittenThrough = options.isWrittenThrough ?? (() => false);
    this.#isGivenRoom = options.isGivenRoom ?? (() => false);
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
    const reserve = this.#isGivenRoom(name) ? new FileReserve() : null;
    const host = this.#host;
    return new OpenFile({ host, name, descriptor, isThrough, reserve, confirm, confirmWrite });
  }

  /** Whether names may be changed; if not, the request has failed. */
  #mayChange(request: FileRequest<unknown>): boolean {
    return request.passes(() => {
      this.#directory.confirm();
      this.#confirm();
    });
  }
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
