import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { type FileDirectory, type FileIdentity, identityOf } from "../storage/files-directory.ts";
import { assert, LatchworkError } from "../task/index.ts";
import { type Life, lifeOf, ownProcess, type ProcessName } from "./driver-process.ts";
import { LOCK_FILE } from "./file-names.ts";

/** Made whole under this name first, so that nobody ever reads a lock file half written. */
const DRAFT_PREFIX = `${LOCK_FILE}.new-`;
/** The right to replace the lock file of a dead holder: `lock.after-` and the dead one's ticket. */
const HEIR_PREFIX = `${LOCK_FILE}.after-`;

const NOT_OURS = "is not a lock file of ours; if nothing has the database open, remove it";

/** What a lock file says: the process that holds, and a ticket that no other attempt shares. */
interface Holder extends ProcessName {
  readonly ticket: string;
}

/**
 * Keeps everybody else out of a directory, other processes and this one, until released or dead.
 *
 * Node has no advisory file locks, so the lock is a file that exists, and the hard part is a holder
 * that died: two who find it dead must not both take over. To remove the dead one's file and make
 * an own one will not do, as the slower of the two would remove the file of the faster. Instead:
 *
 * - A *claim* to a name is a hard link made to it, which succeeds for one alone. The file is whole
 *   and synced before, and names its holder by pid, start time and a ticket never used twice.
 * - If the name is taken by H and H is alive: refused.
 * - If H is dead, the right to replace H's file is itself a name, `lock.after-<ticket of H>`, and
 *   is claimed in the same way (so a dead heir is succeeded like any other holder).
 * - Whoever holds it looks whether the name still has H's file. If so it renames its own file over
 *   it, which takes effect at one stroke. If not, somebody came before: it starts again.
 *
 * Why at most one holds a name: a live holder's file is replaced by nobody; a dead holder's only by
 * the live holder of its `after` name, of whom there is at most one, by induction on the depth of
 * names (the depth is finite, as each level needs a holder that died within its two system calls).
 * Between that one's look and its rename the file cannot change, since only it may change it. And a
 * contender who claims an `after` name late, when the rename has vacated it, looks afterwards, and
 * then finds another ticket.
 */
export class LockFile {
  readonly #claim: Claim;
  /** Held open, so that no other file can ever be taken for this one. */
  readonly #descriptor: number;
  readonly #identity: FileIdentity;

  private constructor(claim: Claim) {
    this.#claim = claim;
    this.#descriptor = fs.openSync(claim.directory.pathOf(LOCK_FILE), "r");
    const identity = identityOf(this.#descriptor);
    assert(identity !== null, "a file that is open is there");
    this.#identity = identity;
  }

  /**
   * Takes the lock of a directory. Synchronous; two or three file operations and a sync.
   *
   * @throws LatchworkError DATABASE_IN_USE naming the process that holds it; DISK_ERROR or NO_SPACE
   *   if the directory cannot be written.
   */
  static take(directory: FileDirectory): LockFile {
    const claim = new Claim(directory);
    try {
      claim.make(LOCK_FILE);
      claim.sweep();
      return new LockFile(claim);
    } finally {
      claim.end();
    }
  }

  /**
   * Makes sure that the lock is held still: somebody may have removed the file by hand, and then
   * anybody may have the directory. One system call.
   *
   * @throws LatchworkError DIRECTORY_CHANGED, DISK_ERROR.
   */
  confirm(): void {
    this.#claim.directory.confirmFile(LOCK_FILE, this.#identity);
  }

  /** Gives the lock back, unless somebody has removed it by hand, and perhaps taken it. Once. */
  release(): void {
    fs.closeSync(this.#descriptor);
    this.#claim.giveBack(LOCK_FILE);
  }
}

/** Who a directory's lock file names, and whether it lives. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly life: Life;
}

/**
 * Looks who has a directory open, without taking it. Null if there is no lock file.
 *
 * @throws LatchworkError DATABASE_IN_USE if the file is not one of ours; DISK_ERROR.
 */
export function lockHolderOf(directory: FileDirectory): LockHolder | null {
  const path = directory.pathOf(LOCK_FILE);
  let text: string;
  try {
    text = fs.readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    const message = `${nameOf(directory, LOCK_FILE)} cannot be read (${codeOf(error)})`;
    throw new LatchworkError("DISK_ERROR", message);
  }
  const holder = parseHolder(text);
  if (holder === null) throw foreign(directory, LOCK_FILE);
  return { pid: holder.pid, host: holder.host, life: lifeOf(holder) };
}

/** One attempt to take a lock. */
class Claim {
  readonly directory: FileDirectory;
  readonly #draft: string;
  readonly #ticket: string = randomUUID();

  constructor(directory: FileDirectory) {
    const holder: Holder = { ...ownProcess(), ticket: this.#ticket };
    this.directory = directory;
    this.#draft = this.#path(`${DRAFT_PREFIX}${this.#ticket}`);
    try {
      writeSynced(this.#draft, `${JSON.stringify(holder)}\n`);
    } catch (error) {
      this.end();
      throw cannotWrite(directory, error);
    }
  }

  /** Makes the file of that name ours. */
  make(name: string): void {
    while (!this.#link(name)) {
      const holder = this.#holderOf(name);
      if (holder !== null) this.#succeed(name, holder);
      if (holder !== null && this.#isOurs(name)) return;
    }
  }

  /** Removes what attempts that died have left. Requires: the lock is ours. */
  sweep(): void {
    for (const name of this.directory.names()) {
      const isLeft = name.startsWith(DRAFT_PREFIX) || name.startsWith(HEIR_PREFIX);
      if (isLeft && this.#isLeftBehind(name)) this.#remove(name);
    }
  }

  giveBack(name: string): void {
    if (this.#isOurs(name)) this.#remove(name);
  }

  /** Removes the draft; what it was linked to stays. */
  end(): void {
    fs.rmSync(this.#draft, { force: true });
  }

  /** Takes the place of a dead holder, unless somebody else already has. */
  #succeed(name: string, holder: Holder): void {
    this.#refuseIfAlive(name, holder);
    const heir = `${HEIR_PREFIX}${holder.ticket}`;
    this.make(heir);
    try {
      if (this.#holderOf(name)?.ticket !== holder.ticket) return;
      fs.renameSync(this.#path(heir), this.#path(name));
    } finally {
      this.#remove(heir);
    }
  }

  #refuseIfAlive(name: string, holder: Holder): void {
    const life = lifeOf(holder);
    if (life === "dead") return;
    const who = `${this.directory.path}: process ${holder.pid}`;
    if (life === "alive") throw new LatchworkError("DATABASE_IN_USE", `${who} has it open`);
    const where = `of the machine or container ${JSON.stringify(holder.host)} may have it open`;
    const advice = `once that is gone for good, remove ${nameOf(this.directory, name)}`;
    throw new LatchworkError("DATABASE_IN_USE", `${who} ${where}; ${advice}`);
  }

  /** Links our file to a name; false if the name is taken. */
  #link(name: string): boolean {
    try {
      fs.linkSync(this.#draft, this.#path(name));
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw cannotWrite(this.directory, error);
    }
  }

  #isOurs(name: string): boolean {
    return this.#holderOf(name)?.ticket === this.#ticket;
  }

  /** Who a file says holds it; null if the file is gone. */
  #holderOf(name: string): Holder | null {
    const path = this.#path(name);
    let text: string;
    try {
      text = fs.readFileSync(path, "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      throw cannotWrite(this.directory, error);
    }
    const holder = parseHolder(text);
    if (holder !== null) return holder;
    throw foreign(this.directory, name);
  }

  #isLeftBehind(name: string): boolean {
    try {
      const holder = this.#holderOf(name);
      return holder !== null && lifeOf(holder) === "dead";
    } catch {
      return false;
    }
  }

  #remove(name: string): void {
    fs.rmSync(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return this.directory.pathOf(name);
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

function parseHolder(text: string): Holder | null {
  try {
    const found = JSON.parse(text) as Partial<Holder> | null;
    if (typeof found?.pid !== "number" || typeof found.ticket !== "string") return null;
    const { boot = "", host = "", pid, pidSpace = "", start = "", ticket } = found;
    return { pid, start, pidSpace, boot, host, ticket };
  } catch {
    return null;
  }
}

/** What a file is called for whoever reads of it. */
function nameOf(directory: FileDirectory, name: string): string {
  return join(directory.path, name);
}

function foreign(directory: FileDirectory, name: string): LatchworkError {
  return new LatchworkError("DATABASE_IN_USE", `${nameOf(directory, name)} ${NOT_OURS}`);
}

function cannotWrite(directory: FileDirectory, error: unknown): LatchworkError {
  const code = codeOf(error);
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  const message = `${directory.path}: the lock file cannot be made (${code})`;
  return new LatchworkError(isFull ? "NO_SPACE" : "DISK_ERROR", message);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
