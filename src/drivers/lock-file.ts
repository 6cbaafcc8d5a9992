import * as fs from "node:fs";
import { join } from "node:path";
import { type FileDirectory, type FileIdentity, identityOf } from "./file-directory.ts";
import { assert, LatchworkError } from "../task/index.ts";
import { Claim } from "./lock-claim.ts";
import { lifeOfHolder, readHolder } from "./lock-holder.ts";
import { hasItsName, Lease, outliveDisplaced } from "./lock-lease.ts";
import type { Life } from "./process.ts";
import { LOCK_FILE } from "../wal/index.ts";

/**
 * Keeps other processes, and this one, out of a directory until it is released or its holder dies.
 *
 * Node has no advisory file locks, so the lock is a name that exists, and the hard part is a holder
 * that died: two who find it dead must not both take over. To remove the dead one's file and make
 * an own one will not do, as the slower of the two would remove the file of the faster. Instead:
 *
 * - A *claim* to a name succeeds for one only; see {@link Claim}. What then has the name is whole
 *   and was synced before, and names its holder by pid, start time and a ticket never used twice.
 * - If the name is taken by H and H is alive: refused.
 * - If H is dead, the right to replace H's file is itself a name, `lock.after-<ticket of H>`, and
 *   is claimed in the same way (so a dead heir is succeeded like any other holder).
 * - Whoever holds it looks whether the name still has H's file. If so it renames its own file over
 *   it, which takes effect at one stroke; where a rename cannot do that, it takes H's file away and
 *   claims the name like all others. If not, another came before: it starts again.
 *
 * Why at most one holds a name: a live holder's file is never replaced; a dead holder's only by
 * the live holder of its `after` name, of whom there is at most one, by induction on the depth of
 * names (the depth is finite, as each level needs a holder that died within its two system calls).
 * Between that one's look and its rename the file cannot change, since only it may change it. And a
 * contender who claims an `after` name late, when the rename has vacated it, looks afterwards, and
 * then finds another ticket.
 *
 * That H is dead is known, and not guessed: see {@link lifeOfHolder}. Only where it cannot be known
 * whether H lives (on another machine; in another container of a file system without sockets), and
 * both H and the heir have asked for it by a lease, does the heir take a silent H for dead. H may
 * be asleep then. It is displaced, not dead, and the claim above does not hold for the two of them.
 * Why both can run and no harm is done, S being the sleeper and N the new holder:
 *
 * 1. S acknowledges nothing that N does not have. It acknowledges only if, after its sync, the lock
 *    had its name still ({@link confirm}). N reads the log after it has taken that name, and so
 *   after that sync. (On a machine of its own, S may read the name from a cache: then what {@link
 *   Lease} says of clocks has to hold.)
 * 2. Awake, S does nothing more: each change of names, each write and each sync first looks at the
 *    lock, or at a clock that says that it was looked at a moment ago. What remains is what S had
 *    asked the system for before it slept, of which any part may happen at any time:
 * 3. Writes of pages go to a file without a name: N goes on with a copy of the page file.
 * 4. Writes of log go to a segment behind whose end, as N found it, nothing is read: N begins a
 *    segment of its own there. Should S begin one of that name, it makes it or finds N's; it never
 *    empties one.
 * 5. Renames of `control.new` and `segment.new` find nothing, since N has removed both. Should S
 *    find N's there, it does a moment early what N was about to do, and N gets an error.
 * 6. Removals are of segments that N's recovery does not need either: S had made that durable.
 *
 * What remains possible: that N's checkpoint or open fails with DISK_ERROR, by 5, and has to be
 * tried again; and that S is displaced though it was only slow, and has to be opened anew.
 */
export class LockFile {
  readonly #claim: Claim;
  /** Held open, so that no other file can ever be taken for this one. */
  readonly #descriptor: number;
  readonly #identity: FileIdentity;
  #lease: Lease | null = null;

  private constructor(claim: Claim) {
    this.#claim = claim;
    this.#descriptor = fs.openSync(claim.holderPath(LOCK_FILE), "r+");
    const identity = identityOf(this.#descriptor);
    assert(identity !== null, "a file that is open is there");
    this.#identity = identity;
  }

  /**
   * Takes the lock of a directory: two or three file operations and a sync. It waits only if a
   * lease has to be waited for, two in all.
   *
   * @param leaseMs After how long a silence a process may take it over that cannot see whether this
   *   process lives, and how long this one waits for such a holder itself; 0 for never.
   * @throws LatchworkError DATABASE_IN_USE naming the process that holds it; DISK_ERROR or NO_SPACE
   *   if the directory cannot be written.
   */
  static async take(directory: FileDirectory, leaseMs: number = 0): Promise<LockFile> {
    const claim = new Claim(directory, leaseMs);
    try {
      await claim.openSocket();
      await claim.make(LOCK_FILE);
      return await LockFile.#begin(claim);
    } catch (error) {
      claim.closeSocket();
      throw error;
    } finally {
      claim.end();
    }
  }

  /** Begins to hold what was claimed; gives it back if that fails. */
  static async #begin(claim: Claim): Promise<LockFile> {
    let lock: LockFile | null = null;
    try {
      lock = new LockFile(claim);
      await claim.sweep();
      if (claim.holder.leaseMs > 0) lock.#beginLease();
      await outliveDisplaced(claim.directory);
      return lock;
    } catch (error) {
      if (lock === null) claim.giveBack(LOCK_FILE);
      else await lock.release();
      throw error;
    }
  }

  /**
   * Makes sure that the lock is held still: the file may have been removed by hand, and then any
   * process may have the directory, or this process may have been displaced while it slept. One
   * system call, or with a lease two now and then.
   *
   * @throws LatchworkError DIRECTORY_CHANGED, DISK_ERROR.
   */
  confirm(): void {
    const { directory } = this.#claim;
    try {
      directory.confirmFile(this.#claim.holderName(LOCK_FILE), this.#identity);
    } catch (error) {
      throw this.#explained(error);
    }
    this.#lease?.confirm();
  }

  /** As {@link confirm}, where a lease is to be confirmed; else nothing. Asks the clock. */
  confirmLease(): void {
    this.#lease?.confirm();
  }

  /**
   * Gives the lock back, unless the file was removed by hand, and perhaps taken. Once. Without a
   * lease that is done at once, and with one when its last sign of life is over.
   */
  async release(): Promise<void> {
    const beat = this.#lease?.end() ?? null;
    if (beat !== null) await beat;
    fs.closeSync(this.#descriptor);
    this.#claim.giveBack(LOCK_FILE);
    this.#claim.closeSocket();
  }

  #beginLease(): void {
    const { directory, holder } = this.#claim;
    const path = join(directory.path, this.#claim.holderName(LOCK_FILE));
    this.#lease = new Lease(this.#descriptor, holder, () => {
      if (hasItsName(path, this.#identity)) return;
      throw this.#explained(new LatchworkError("DIRECTORY_CHANGED", `${path} was removed`));
    });
  }

  /** Adds which process has the lock, if it is another one. */
  #explained(error: unknown): unknown {
    const { directory, ticket } = this.#claim;
    if (!(error instanceof LatchworkError) || error.code !== "DIRECTORY_CHANGED") return error;
    try {
      directory.confirm();
      const holder = readHolder(directory, LOCK_FILE);
      if (holder === null || holder.ticket === ticket) return error;
      const who = `process ${holder.pid} of ${JSON.stringify(holder.host)}`;
      const message = `${directory.path}: ${who} has taken the lock over`;
      return new LatchworkError("DIRECTORY_CHANGED", message);
    } catch {
      return error;
    }
  }
}

/** The process that a directory's lock file names, and whether it lives. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly life: Life;
}

/**
 * Looks which process has a directory open, without taking it. Null if there is no lock file.
 *
 * @throws LatchworkError DATABASE_IN_USE if the file is not one of ours; DISK_ERROR.
 */
export async function lockHolderOf(directory: FileDirectory): Promise<LockHolder | null> {
  const holder = readHolder(directory, LOCK_FILE);
  if (holder === null) return null;
  return { pid: holder.pid, host: holder.host, life: await lifeOfHolder(directory, holder) };
}
