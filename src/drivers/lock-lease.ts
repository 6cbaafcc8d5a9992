import * as fs from "node:fs";
import { type FileDirectory, type FileIdentity, identityOf, isSame } from "./file-directory.ts";
import { LatchworkError } from "../task/index.ts";
import { realNowMs, realSleep, startTimer, stopTimer } from "../task/driver-real-time.ts";
import { LOCK_FILE, NEW_CONTROL_FILE, NEW_SEGMENT_FILE } from "../wal/index.ts";
import { type Holder, LEASE_MS_MAX, textOf } from "./lock-holder.ts";
import { pageCopyFault, replacePagesByCopy } from "./page-copy.ts";

/** Says that a silent holder was displaced, who may wake up; its ticket follows. */
const DISPLACED_PREFIX = `${LOCK_FILE}.displaced-`;

/** How many signs of life fit into a lease, and how many looks for one. */
const BEATS_A_LEASE = 4;
const LOOKS_A_LEASE = 8;
/** For which part of a lease a holder may rely on its last look. */
const TRUSTED_SHARE = 1 / 2;

/**
 * Signs of life in a lock file, for those who cannot ask whether the holder lives.
 *
 * The holder counts a number up in its lock file, four times in each lease, and each time looks
 * whether the file still has its name. It trusts such a look for half a lease from the moment
 * before it, and then does nothing before it has looked again. A process that sees no new number
 * for a whole lease, by its own clock, may displace the holder, and then waits for one more lease
 * before it reads anything. So what the holder has acknowledged because of a look that it made
 * before it was displaced, has been written by the time the other reads, if their clocks do not
 * differ by a factor of two.
 *
 * On one machine not even that is needed: there each acknowledgement comes after a look that no
 * cache answers, see {@link LockFile.confirm}.
 */
export class Lease {
  readonly #descriptor: number;
  readonly #leaseMs: number;
  readonly #look: () => void;
  #holder: Holder;
  #trustedFromMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #isBeating = false;
  #isEnded = false;
  #stilled: () => void = () => undefined;

  /**
   * @param descriptor The lock file, open for writing.
   * @param look Throws a LatchworkError if the file does not have its name any more.
   */
  constructor(descriptor: number, holder: Holder, look: () => void) {
    this.#descriptor = descriptor;
    this.#leaseMs = holder.leaseMs;
    this.#holder = holder;
    this.#look = look;
    this.#beatNow();
    this.#beatLater();
  }

  /**
   * Makes sure that the lock was still held not long ago; usually by the clock only.
   *
   * @throws LatchworkError DIRECTORY_CHANGED if it was taken or given back; DISK_ERROR.
   */
  confirm(): void {
    if (this.#isEnded) {
      // The descriptor may be another file's by now: not even a sign of life may be written.
      throw new LatchworkError("DIRECTORY_CHANGED", `${LOCK_FILE}: it was given back`);
    }
    if (realNowMs() - this.#trustedFromMs > this.#leaseMs * TRUSTED_SHARE) this.#beatNow();
  }

  /**
   * Gives no more signs of life. One may be under way: the thread pool writes to the descriptor
   * whenever it comes to it, so that has to stay open until the promise is kept. Null if none is.
   */
  end(): Promise<void> | null {
    this.#isEnded = true;
    if (this.#timer !== null) stopTimer(this.#timer);
    if (!this.#isBeating) return null;
    return new Promise((resolve) => {
      this.#stilled = resolve;
    });
  }

  /** At once: for who comes from a long sleep, and must not go on before it knows. */
  #beatNow(): void {
    const beganMs = realNowMs();
    try {
      fs.writeSync(this.#descriptor, this.#nextText(), 0, "utf8");
      fs.fdatasyncSync(this.#descriptor);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      throw new LatchworkError(
        "DISK_ERROR",
        `${LOCK_FILE}: no sign of life can be given (${code})`,
      );
    }
    this.#look();
    this.#trustedFromMs = beganMs;
  }

  #beatLater(): void {
    this.#timer = startTimer(() => this.#beat(), Math.ceil(this.#leaseMs / BEATS_A_LEASE));
    this.#timer.unref();
  }

  #beat(): void {
    const beganMs = realNowMs();
    const ended = (error: Error | null): void => {
      this.#isBeating = false;
      if (this.#isEnded) {
        this.#stilled();
        return;
      }
      if (error === null) this.#trustSince(beganMs);
      // Whatever went wrong is thrown at the next {@link confirm} that cannot rely on the last
      // look.
      this.#beatLater();
    };
    const text = Buffer.from(this.#nextText());
    this.#isBeating = true;
    fs.write(this.#descriptor, text, 0, text.length, 0, (error) => {
      if (error !== null || this.#isEnded) ended(error);
      else fs.fdatasync(this.#descriptor, ended);
    });
  }

  #trustSince(beganMs: number): void {
    try {
      this.#look();
      this.#trustedFromMs = beganMs;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
    }
  }

  #nextText(): string {
    this.#holder = { ...this.#holder, beats: this.#holder.beats + 1 };
    return textOf(this.#holder);
  }
}

/** Looks whether a lock file has its name, past what a network file system remembers of it. */
export function hasItsName(path: string, identity: FileIdentity): boolean {
  try {
    const descriptor = fs.openSync(path, "r");
    try {
      const found = identityOf(descriptor);
      return found !== null && isSame(found, identity);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw new LatchworkError("DISK_ERROR", `${LOCK_FILE}: it cannot be read (${String(error)})`);
  }
}

/**
 * Waits for a sign of life; true if there is none for a whole lease, or another has the lock.
 *
 * @param look Reads the lock file.
 */
export async function isSilent(holder: Holder, look: () => Holder | null): Promise<boolean> {
  const { leaseMs, ticket, beats } = holder;
  const endMs = realNowMs() + leaseMs;
  for (;;) {
    // In this order: the last look has to come after all of the lease.
    const restMs = endMs - realNowMs();
    // oxlint-disable-next-line no-await-in-loop -- to wait is the point
    if (restMs > 0) await realSleep(Math.ceil(Math.min(restMs, leaseMs / LOOKS_A_LEASE)));
    const now = look();
    if (now?.ticket !== ticket) return true;
    if (now.beats !== beats) return false;
    if (restMs <= 0) return true;
  }
}

/** Notes, before it is done, that a holder is displaced who may only sleep. */
export function markDisplaced(directory: FileDirectory, holder: Holder): void {
  fs.writeFileSync(directory.pathOf(`${DISPLACED_PREFIX}${holder.ticket}`), String(holder.leaseMs));
}

/**
 * Sees to it that nothing which a displaced holder still does can do harm, if there is one; see
 * {@link LockFile} for why this is enough. Requires: the lock is ours. A lease, and O(page file).
 *
 * @throws LatchworkError DISK_ERROR or NO_SPACE.
 */
export async function outliveDisplaced(directory: FileDirectory): Promise<void> {
  const marks = directory.names().filter((name) => name.startsWith(DISPLACED_PREFIX));
  if (marks.length === 0) return;
  const leases = marks.map((name) => Number(fs.readFileSync(directory.pathOf(name), "utf8")) || 0);
  await realSleep(Math.min(LEASE_MS_MAX, Math.max(...leases)));
  try {
    for (const name of [NEW_CONTROL_FILE, NEW_SEGMENT_FILE]) {
      fs.rmSync(directory.pathOf(name), { force: true });
    }
    await replacePagesByCopy(directory);
    for (const name of marks) fs.rmSync(directory.pathOf(name), { force: true });
  } catch (error) {
    throw pageCopyFault(directory, error);
  }
}
