import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import type { FileDirectory } from "./file-directory.ts";
import { LatchworkError } from "../task/index.ts";
import {
  type Holder,
  HOLDER_FILE,
  lifeOfHolder,
  readHolder,
  SOCKET_PREFIX,
  textOf,
} from "./lock-holder.ts";
import { isSilent, markDisplaced } from "./lock-lease.ts";
import { lifeOfSocket, LifeSocket } from "./lock-socket.ts";
import { isInContainer, ownProcess } from "./process.ts";
import { LOCK_FILE } from "../wal/index.ts";

/** Made whole under this name first, so that a lock is never read half written. */
const DRAFT_PREFIX = `${LOCK_FILE}.new-`;
/** The right to replace the lock of a dead holder: `lock.after-` and the dead one's ticket. */
const HEIR_PREFIX = `${LOCK_FILE}.after-`;
/** What was taken away from its name and is about to be removed. */
const GONE_PREFIX = `${LOCK_FILE}.gone-`;

/** What a rename says of a directory if the name is taken: by one, or by a file. */
const TAKEN: ReadonlySet<string> = new Set(["ENOTEMPTY", "EEXIST", "ENOTDIR"]);

/** What is said of a directory that is to be removed, and is not there, not empty, or none. */
const NOT_EMPTY: ReadonlySet<string> = new Set(["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"]);

/**
 * One attempt to take a lock: a name is claimed, with its whole content, by one attempt only.
 *
 * There are two ways, of which the first that the file system has is taken:
 * - The draft is a file, and a claim is a hard link to it, which fails if the name is taken.
 * - The draft is a directory with a file in it, and a claim renames it, which fails if the name is
 *   that of a file or of a directory that is not empty. For exFAT, FAT, SMB and some file systems
 *   in user space, which have no hard links. A directory under a name is never empty: it is renamed
 *   away before anything is removed from it. An empty one is what a power failure left of a lock.
 *
 * Each way respects what was claimed the other way.
 */
export class Claim {
  readonly directory: FileDirectory;
  readonly ticket: string = randomUUID();
  #holder: Holder;
  #socket: LifeSocket | null = null;
  #hasLinks = true;
  #hasDraft = false;

  constructor(directory: FileDirectory, leaseMs: number) {
    this.directory = directory;
    const { number } = directory.identity;
    this.#holder = {
      ...ownProcess(),
      ticket: this.ticket,
      directory: String(number),
      socket: "",
      leaseMs,
      beats: 0,
    };
  }

  get holder(): Holder {
    return this.#holder;
  }

  /** Opens the socket by which others see that this process lives, where pids do not show it. */
  async openSocket(): Promise<void> {
    if (!isInContainer() || !this.directory.isOfOneMachine) return;
    const socket = await LifeSocket.open(this.#path(`${SOCKET_PREFIX}${this.ticket}`));
    this.#socket = socket;
    this.#holder = { ...this.#holder, socket: socket?.number ?? "" };
  }

  closeSocket(): void {
    this.#socket?.close();
    this.#socket = null;
  }

  /**
   * Makes the lock of that name ours.
   *
   * @throws LatchworkError DATABASE_IN_USE if a process holds it that lives, or may live.
   */
  async make(name: string): Promise<void> {
    while (!this.#claim(name)) {
      const holder = this.#holderOf(name);
      if (holder === null) {
        this.#removeEmpty(name);
        continue;
      }
      // Over a network a claim may have succeeded though it was said to fail.
      if (holder.ticket === this.ticket) return;
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await this.#succeed(name, holder);
      if (this.#isOurs(name)) return;
    }
  }

  /** Removes what attempts that died have left. Requires: the lock is ours. */
  async sweep(): Promise<void> {
    for (const name of this.directory.names()) {
      // oxlint-disable-next-line no-await-in-loop -- there are hardly any
      if (await this.#isLeftBehind(name)) this.#remove(name);
    }
  }

  giveBack(name: string): void {
    if (this.#isOurs(name)) this.#takeAway(name, this.ticket);
  }

  /** Removes the draft; what it was linked to stays. */
  end(): void {
    if (this.#hasDraft) this.#remove(this.#draft);
    this.#hasDraft = false;
  }

  /** Where the file is that names the holder. */
  holderPath(name: string): string {
    const path = this.#path(name);
    return this.#hasLinks ? path : join(path, HOLDER_FILE);
  }

  /** As {@link holderPath}, within the directory. */
  holderName(name: string): string {
    return this.#hasLinks ? name : join(name, HOLDER_FILE);
  }

  get #draft(): string {
    return `${DRAFT_PREFIX}${this.ticket}`;
  }

  /** Takes the place of a holder that is dead or silent, unless another already has. */
  async #succeed(name: string, holder: Holder): Promise<void> {
    const wasSilent = await this.#isSilent(name, holder);
    const heir = `${HEIR_PREFIX}${holder.ticket}`;
    await this.make(heir);
    try {
      const now = this.#holderOf(name);
      if (now?.ticket !== holder.ticket || (wasSilent && now.beats !== holder.beats)) return;
      if (wasSilent) markDisplaced(this.directory, holder);
      if (this.#hasLinks && !this.#isDirectory(name)) {
        fs.renameSync(this.#path(heir), this.#path(name));
      } else this.#takeAway(name, holder.ticket);
    } finally {
      if (this.#isOurs(heir)) this.#takeAway(heir, `${this.ticket}-heir`);
    }
  }

  /** Whether a holder's lock may be taken though it is not known to be dead. */
  async #isSilent(name: string, holder: Holder): Promise<boolean> {
    const life = await lifeOfHolder(this.directory, holder);
    if (life === "dead") return false;
    const who = `${this.directory.path}: process ${holder.pid}`;
    if (life === "alive") throw new LatchworkError("DATABASE_IN_USE", `${who} has it open`);
    const from = `of the machine or container ${JSON.stringify(holder.host)}`;
    // Who wants to become an heir gives no sign of life, so silence means nothing there.
    const isLeased = name === LOCK_FILE && holder.leaseMs > 0;
    if (isLeased && this.#holder.leaseMs > 0) {
      if (await isSilent(holder, () => this.#holderOf(name))) return true;
      throw new LatchworkError("DATABASE_IN_USE", `${who} ${from} has it open`);
    }
    const path = join(this.directory.path, name);
    const or = isLeased ? `, or open with lockLeaseMs, as it did` : "";
    const advice = `once that is gone for good, remove ${path}${or}`;
    throw new LatchworkError("DATABASE_IN_USE", `${who} ${from} may have it open; ${advice}`);
  }

  /** Gives our draft a name; false if the name is taken. */
  #claim(name: string): boolean {
    if (this.#hasLinks) {
      try {
        this.#makeDraft();
        fs.linkSync(this.#path(this.#draft), this.#path(name));
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        if (error instanceof LatchworkError) throw error;
        this.end();
        this.#hasLinks = false;
      }
    }
    return this.#claimByRename(name);
  }

  #claimByRename(name: string): boolean {
    this.#makeDraft();
    try {
      fs.renameSync(this.#path(this.#draft), this.#path(name));
      this.#hasDraft = false;
      return true;
    } catch (error) {
      // Windows says that it may not be done.
      if (TAKEN.has(codeOf(error)) || fs.existsSync(this.#path(name))) return false;
      throw this.#cannotWrite(error);
    }
  }

  #makeDraft(): void {
    if (this.#hasDraft) return;
    const path = this.#path(this.#draft);
    this.#hasDraft = true;
    try {
      if (!this.#hasLinks) fs.mkdirSync(path);
      writeSynced(this.holderPath(this.#draft), textOf(this.#holder));
    } catch (error) {
      this.end();
      throw this.#cannotWrite(error);
    }
  }

  /** Takes a lock away from its name, at one stroke, and removes it. */
  #takeAway(name: string, ticket: string): void {
    const gone = `${GONE_PREFIX}${ticket}`;
    try {
      fs.renameSync(this.#path(name), this.#path(gone));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw this.#cannotWrite(error);
    }
    this.#remove(gone);
  }

  /**
   * Removes a directory with nothing in it. One that a claim has given a name has a holder's file,
   * unless the power failed before that was durable: so no live holder has an empty one, and the
   * system removes no other. If it is not there any more, or is another thing, so much the better.
   */
  #removeEmpty(name: string): void {
    try {
      fs.rmdirSync(this.#path(name));
    } catch (error) {
      if (!NOT_EMPTY.has(codeOf(error))) throw this.#cannotWrite(error);
    }
  }

  #isOurs(name: string): boolean {
    return this.#holderOf(name)?.ticket === this.ticket;
  }

  #holderOf(name: string): Holder | null {
    return readHolder(this.directory, name);
  }

  #isDirectory(name: string): boolean {
    return fs.statSync(this.#path(name), { throwIfNoEntry: false })?.isDirectory() === true;
  }

  async #isLeftBehind(name: string): Promise<boolean> {
    if (name.startsWith(GONE_PREFIX)) return true;
    if (name.startsWith(SOCKET_PREFIX)) return this.#isSocketLeft(name);
    if (!name.startsWith(DRAFT_PREFIX) && !name.startsWith(HEIR_PREFIX)) return false;
    try {
      const holder = this.#holderOf(name);
      return holder !== null && (await lifeOfHolder(this.directory, holder)) === "dead";
    } catch {
      return false;
    }
  }

  async #isSocketLeft(name: string): Promise<boolean> {
    const path = this.#path(name);
    const number = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
    return number !== undefined && (await lifeOfSocket(path, String(number))) === "dead";
  }

  #remove(name: string): void {
    fs.rmSync(this.#path(name), { force: true, recursive: true });
  }

  #path(name: string): string {
    return this.directory.pathOf(name);
  }

  #cannotWrite(error: unknown): LatchworkError {
    const code = codeOf(error);
    const isFull = code === "ENOSPC" || code === "EDQUOT";
    const message = `${this.directory.path}: the lock file cannot be made (${code})`;
    return new LatchworkError(isFull ? "NO_SPACE" : "DISK_ERROR", message);
  }
}

function writeSynced(path: string, text: string): void {
  const file = fs.openSync(path, "wx");
  try {
    fs.writeSync(file, text);
    // Were the name durable without the contents, a power failure would leave a file of zeros.
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
