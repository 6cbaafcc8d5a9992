import { Step } from "./step.ts";

/**
 * One request to a disk, begun when it is made: the step to wait on, and then its result.
 *
 *     const count = yield* file.read(0, buffer);
 *
 * Taking it throws a LatchworkError (DISK_ERROR, NO_SPACE, NO_SUCH_FILE, DIRECTORY_CHANGED) if the
 * request failed, and a driver throws that into the task that waits.
 */
export abstract class DiskRequest<T> extends Step {
  /** What came of it. Requires: the step was taken. */
  abstract get value(): T;

  /**
   * `step` waits on this request too, and is to be woken once it is enabled. Requests whose drivers
   * ask again at each turn, and those that are always enabled, have nothing to do.
   */
  join(_step: Step): void {}

  override *[Symbol.iterator](): Generator<Step, T, void> {
    yield this;
    return this.value;
  }
}

/** An open file. Positions and sizes are in bytes; nothing is durable before it is synced. */
export interface DiskFile {
  readonly name: string;
  /** Reads into `into`; gives the bytes read, fewer than asked for only at the end of the file. */
  read(at: number, into: Uint8Array): DiskRequest<number>;
  /** Writes all of `bytes`, which the caller does not change until the request is taken. */
  write(at: number, bytes: Uint8Array): DiskRequest<void>;
  /**
   * Makes durable whatever was written, and the size; not the file's name, see syncDirectory. Fails
   * with DIRECTORY_CHANGED if the name by which it was opened no longer leads to it: it may be
   * durable, but nobody will find it.
   */
  sync(): DiskRequest<void>;
  /**
   * Makes sure, at once and without a request, that the file's name leads to it still, and the path
   * to its directory.
   *
   * @throws LatchworkError DIRECTORY_CHANGED if not; DISK_ERROR if that cannot be found out.
   */
  confirm(): void;
  size(): DiskRequest<number>;
  truncate(bytes: number): DiskRequest<void>;
  close(): DiskRequest<void>;
}

/** How a file is opened: `create` makes it, or empties one that exists. */
export type OpenMode = "read" | "write" | "create";

/** How a sub-directory is opened: `create` makes it where there is none. */
export type DirectoryMode = "open" | "create";

/**
 * One directory of files and of directories. Names made, changed or removed are durable once it is
 * synced; that of a sub-directory too, with all that is in it, however often that was synced.
 *
 * It is the directory that its path led to when the disk was made. Once the path leads elsewhere,
 * because somebody has renamed, removed or replaced the directory, names are changed nowhere: the
 * request fails with DIRECTORY_CHANGED, and so does every sync.
 */
export interface Disk {
  open(name: string, mode: OpenMode): DiskRequest<DiskFile>;
  /** The names of all files, in no particular order. */
  list(): DiskRequest<readonly string[]>;
  /** Gives a file another name at one stroke, replacing a file that has it. */
  rename(from: string, to: string): DiskRequest<void>;
  remove(name: string): DiskRequest<void>;
  syncDirectory(): DiskRequest<void>;
  /**
   * Opens a directory in this one. It need not be closed; it can be used as long as this one can.
   * Fails with NO_SUCH_FILE if there is none, and with that or DISK_ERROR if it is a file.
   */
  directory(name: string, mode: DirectoryMode): DiskRequest<Disk>;
  /** The names of all sub-directories, in no particular order. */
  listDirectories(): DiskRequest<readonly string[]>;
  /** Removes a sub-directory. Fails with DISK_ERROR unless it is empty. */
  removeDirectory(name: string): DiskRequest<void>;
}
