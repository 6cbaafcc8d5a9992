import * as fs from "node:fs";
import { join, resolve } from "node:path";
import { assert, LatchworkError } from "../task/index.ts";
import { DescriptorUses } from "./descriptor-uses.ts";

/** Which file or directory it is, whatever its name: the device, and the number on it. */
export interface FileIdentity {
  readonly device: bigint;
  readonly number: bigint;
}

/** Windows has directories that are opened, but not by the calls that Node has. */
const CAN_BE_HELD = process.platform !== "win32";

/**
 * The types, as `statfs` of Linux has them, of file systems that only one machine can have mounted:
 * ext2 to ext4, XFS, Btrfs, F2FS, ZFS, bcachefs, overlayfs, tmpfs and ramfs.
 */
const TYPES_OF_ONE_MACHINE: ReadonlySet<number> = new Set([
  0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x2fc1_2fc1, 0xca45_1a4e, 0x794c_7630, 0x0102_1994,
  0x8584_58f6,
]);

/** What `stat` says of a name that leads nowhere, or to a file that a server has forgotten. */
const NOWHERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ESTALE"]);

/**
 * One directory, found by its path once and for all.
 *
 * A path may come to mean another directory: a relative one when the process changes its working
 * directory, any other when a part of it is renamed, removed or replaced. So the path is made
 * absolute at once, and what was found under it is kept apart from it:
 *
 * - On Linux the directory is held open, and every name is looked up in what is held
 *   (`/proc/self/fd/N/NAME`). Nothing can make a file end up in another directory.
 * - Elsewhere, or without /proc, names are looked up by the absolute path. Who replaces a directory
 *   between {@link confirm} and the change after it, some microseconds, is not noticed until the
 *   next confirmation.
 * - Everywhere, {@link confirm} checks that the path still leads here. It compares device and
 *   number, so it cannot be deceived while the directory is held open; where it is not (Windows,
 *   which refuses to rename or remove a directory with open files) it compares what it can.
 */
export class FileDirectory {
  /** The absolute path by which it was opened. */
  readonly path: string;
  readonly identity: FileIdentity;
  /** Of the directory that is held, by its descriptor or by a name that is looked up in it. */
  readonly uses: DescriptorUses = new DescriptorUses();
  /** Null where a directory cannot be opened like a file. */
  readonly #descriptor: number | null;
  readonly #base: string;
  /** Those below that were opened, by name. */
  readonly #children = new Map<string, FileDirectory>();
  #isOpen = true;

  /** @param place Where to find it now, if that is safer than its path. */
  private constructor(path: string, place: string = path) {
    this.path = path;
    this.#descriptor = CAN_BE_HELD ? openDirectory(place) : null;
    const held = this.#descriptor === null ? path : `/proc/self/fd/${this.#descriptor}`;
    this.identity = identityOfDirectory(this.#descriptor ?? path);
    this.#base = process.platform === "linux" && this.#leadsHere(held) ? held : path;
  }

  /**
   * Opens the directory at a path.
   *
   * @throws LatchworkError NO_SUCH_FILE if there is none or something else, DISK_ERROR.
   */
  static open(path: string): FileDirectory {
    const absolute = resolve(path);
    try {
      return new FileDirectory(absolute);
    } catch (error) {
      throw cannotOpen(path, error);
    }
  }

  /**
   * Opens a directory in this one. It is closed with this one, and not before.
   *
   * @throws LatchworkError NO_SUCH_FILE if there is none or something else, DISK_ERROR.
   */
  child(name: string): FileDirectory {
    const place = this.pathOf(name);
    const known = this.#children.get(name);
    if (known !== undefined && known.#leadsHere(place)) return known;
    try {
      const opened = new FileDirectory(join(this.path, name), place);
      // One that is not to be found any more may be in use still.
      if (known !== undefined) this.#children.set(`${name}/${this.#children.size}`, known);
      this.#children.set(name, opened);
      return opened;
    } catch (error) {
      throw cannotOpen(name, error);
    }
  }

  /** Removes an empty directory in this one, and closes it if it was opened. */
  removeChild(name: string, done: (error: NodeJS.ErrnoException | null) => void): void {
    fs.rmdir(this.pathOf(name), (error) => {
      const child = this.#children.get(name);
      if (error === null && child !== undefined) {
        this.#children.delete(name);
        child.close();
      }
      done(error);
    });
  }

  /**
   * The names of all that is in it, of whatever kind, at once.
   *
   * @throws LatchworkError DISK_ERROR.
   */
  names(): string[] {
    try {
      return fs.readdirSync(this.place);
    } catch (error) {
      const message = `${this.path}: the directory cannot be read (${codeOf(error)})`;
      throw new LatchworkError("DISK_ERROR", message);
    }
  }

  /** Where to find a file of this directory, and of no other as far as the system allows. */
  pathOf(name: string): string {
    assert(this.#isOpen, "a closed directory is not used");
    const isPlain = name !== "" && name !== "." && name !== ".." && !/[/\\\0]/.test(name);
    assert(isPlain, "a file is named, not located");
    return join(this.#base, name);
  }

  /** Whether it is known that no other machine sees it, as it might through a network. */
  get isOfOneMachine(): boolean {
    if (process.platform !== "linux") return false;
    try {
      return TYPES_OF_ONE_MACHINE.has(fs.statfsSync(this.place).type);
    } catch {
      return false;
    }
  }

  /** Bytes that its file system has free for us; null where the system does not say. */
  get freeBytes(): number | null {
    try {
      const { bavail, bsize } = fs.statfsSync(this.place);
      return bavail * bsize;
    } catch {
      return null;
    }
  }

  /** Where to find the directory itself. */
  get place(): string {
    assert(this.#isOpen, "a closed directory is not used");
    return this.#base;
  }

  /**
   * Makes sure that the path still leads here. One system call, of some microseconds.
   *
   * @throws LatchworkError DIRECTORY_CHANGED if it does not; DISK_ERROR if that cannot be found
   *   out.
   */
  confirm(): void {
    const found = identityOf(this.path);
    if (found === null) throw changed(`${this.path} was renamed or removed while it was open`);
    if (!isSame(found, this.identity)) throw changed(`${this.path} is another directory by now`);
  }

  /**
   * Makes sure that a name under the path means a certain file. One system call.
   *
   * @throws LatchworkError as {@link confirm}.
   */
  confirmFile(name: string, identity: FileIdentity): void {
    const path = join(this.path, name);
    const found = identityOf(path);
    if (found !== null && isSame(found, identity)) return;
    // If it is the directory that has changed, that is what to report.
    this.confirm();
    const what = found === null ? "was renamed or removed" : "was replaced by another file";
    throw changed(`${path} ${what} while it was open`);
  }

  /** Makes durable which names there are. On Windows the file system does that by itself. */
  sync(done: (error: NodeJS.ErrnoException | null) => void): void {
    assert(this.#isOpen, "a closed directory is not used");
    if (this.#descriptor === null) done(null);
    else fs.fsync(this.#descriptor, done);
  }

  /** Closes the directory once the last of its {@link uses} has ended. Once. */
  close(): void {
    assert(this.#isOpen, "a directory is closed once");
    this.#isOpen = false;
    for (const child of this.#children.values()) child.close();
    const descriptor = this.#descriptor;
    if (descriptor !== null) this.uses.whenUnused(() => fs.closeSync(descriptor));
  }

  #leadsHere(path: string): boolean {
    try {
      const found = identityOf(path);
      return found !== null && isSame(found, this.identity);
    } catch {
      return false;
    }
  }
}

/** Which file a path or a descriptor leads to; null if to none. */
export function identityOf(file: string | number): FileIdentity | null {
  try {
    const status =
      typeof file === "number"
        ? fs.fstatSync(file, { bigint: true })
        : fs.statSync(file, { bigint: true, throwIfNoEntry: false });
    return status === undefined ? null : { device: status.dev, number: status.ino };
  } catch (error) {
    if (NOWHERE.has(codeOf(error))) return null;
    const what = `cannot find out whether it is still the same (${codeOf(error)})`;
    throw new LatchworkError("DISK_ERROR", `${file}: ${what}`);
  }
}

function identityOfDirectory(file: string | number): FileIdentity {
  const identity = identityOf(file);
  if (identity !== null && (typeof file === "number" || fs.statSync(file).isDirectory())) {
    return identity;
  }
  throw Object.assign(new Error(), { code: identity === null ? "ENOENT" : "ENOTDIR" });
}

export function isSame(one: FileIdentity, other: FileIdentity): boolean {
  return one.device === other.device && one.number === other.number;
}

function cannotOpen(path: string, error: unknown): LatchworkError {
  if (error instanceof LatchworkError) return error;
  const code = codeOf(error);
  if (code === "ENOENT") return new LatchworkError("NO_SUCH_FILE", `${path} does not exist`);
  if (code === "ENOTDIR") return new LatchworkError("NO_SUCH_FILE", `${path} is no directory`);
  return new LatchworkError("DISK_ERROR", `${path}: the directory cannot be opened (${code})`);
}

function openDirectory(path: string): number {
  return fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
}

function changed(message: string): LatchworkError {
  return new LatchworkError("DIRECTORY_CHANGED", message);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
