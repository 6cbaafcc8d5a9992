import { type Host, inWords, LatchworkError, type Step, type Task } from "../task/index.ts";

/** What a leader can know of the log's load when it decides how long to gather. */
export interface CommitLoad {
  /** Operations that write and have not been acknowledged, waiting or not, the leader's too. */
  readonly writers: number;
  /** Tasks that wait for the log, the leader among them. */
  readonly waiting: number;
  /** What a flush has taken of late, in milliseconds: a moving average, 0 before the first. */
  readonly flushMs: number;
  /** How many writers there were of late, as a flush ended: the most, halved with each flush. */
  readonly recentWriters: number;
  /**
   * How long it has taken of late, in milliseconds, until one more of those in flight has come to
   * wait: a moving average, 0 before the first and where the processor's time is not counted.
   */
  readonly arrivalMs: number;
  /** The shortest sleep there is, or a shorter one: until so many tasks wait. */
  untilWaiting(count: number): Step;
}

/** When the leader of a group commit flushes. Policies are stateless and may be shared. */
export interface CommitPolicy {
  readonly name: string;
  /** Whether one sync may serve several operations. */
  readonly shares: boolean;
  /** Lets time pass, or not, while others append to the block that is about to be written. */
  gather(load: CommitLoad, host: Host): Task<void>;
}

/** The window of the policy `window`, in milliseconds. */
export const WINDOW_MS_DEFAULT = 2;
/** The longest window, a minute: a longer one is a mistake of the unit. */
export const WINDOW_MS_MAX = 60_000;

const WINDOW = /^window:(\d+(?:\.\d+)?)$/u;

/**
 * Every operation makes a sync of its own, one after another, even if another's has made it durable
 * meanwhile. For comparison: this is what a log without group commit costs, and nothing else is as
 * easy to be sure of. Throughput is one operation a sync.
 */
const each: CommitPolicy = { name: "each", shares: false, *gather() {} };

/**
 * The leader waits for a fixed time. For: the fewest syncs whatever the load, and a bound on them,
 * which is what a slow disk or a worn one wants. Against: a single writer waits for others that
 * cannot come, and no operation is ever faster than the window.
 */
function windowOf(ms: number, name: string): CommitPolicy {
  return {
    name,
    shares: true,
    *gather(_load, host) {
      yield host.sleep(ms);
    },
  };
}

/**
 * As the window, but a single writer does not wait: no other could join it. This is PostgreSQL's
 * `commit_siblings` with one sibling. Two writers already pay the whole window.
 */
const immediateWhenAlone: CommitPolicy = {
  name: "immediate-when-alone",
  shares: true,
  *gather(load, host) {
    if (load.writers > 1) yield host.sleep(WINDOW_MS_DEFAULT);
  },
};

/**
 * As the window, but only if others wait for the log already: the rule of the database that
 * Latchwork grew out of. Writers that are in flight elsewhere do not count, such as those that
 * queue for a latch that the leader holds: they cannot come before it is done. Where nothing is
 * held across the sync they can, and the first of a crowd then leads a flush for itself only.
 */
const immediateWhenOneWaits: CommitPolicy = {
  name: "immediate-when-one-waits",
  shares: true,
  *gather(load, host) {
    if (load.waiting > 1) yield host.sleep(WINDOW_MS_DEFAULT);
  },
};

/**
 * Flushes at once if no other is to be expected, and otherwise waits as long as that pays.
 *
 * While a flush runs, others gather in the next block by themselves, so a busy log needs no window.
 * Without one, one thing goes wrong: a flush that served n writers sets all of them free, the first
 * to come back leads a flush for itself only, and the other n - 1 wait for that one and then for
 * their own: two syncs for n operations. So the leader goes by how many are in flight and how many
 * the last flushes served, and by how many of them are {@link enough}. With w waiting and f more
 * expected, waiting for t delays w by t, and saves f a flush of length s; that pays while t is
 * below s f / w, and never longer than s. Only if the processor is the slower part, it may wait
 * until those have come that keep it busy. The leader waits in turns of the event loop, the
 * shortest sleeps there are: a writer that is about to write does so within one, and a turn that
 * brings none shows that none is coming. A single writer that follows a crowd therefore loses a
 * turn or two, not a window.
 */
const adaptive: CommitPolicy = {
  name: "adaptive",
  shares: true,
  *gather(load, host) {
    const began = host.nowMs();
    const busyMs = (load.writers - load.waiting) * load.arrivalMs;
    for (;;) {
      const before = load.waiting;
      const expected = Math.max(load.writers, load.recentWriters);
      const wanted = enough(expected, load);
      if (before >= wanted) return;
      const worthMs = load.flushMs * Math.min(1, (expected - before) / before);
      const mostMs = isPipelined(expected, load) ? Math.max(worthMs, busyMs) : worthMs;
      if (host.nowMs() - began >= mostMs) return;
      yield load.untilWaiting(wanted);
      if (load.waiting <= before) return;
    }
  },
};

/**
 * Whether so many writers keep the processor busy for longer than a flush takes. Then two groups of
 * them take turns: one is written while the other makes its changes.
 */
function isPipelined(writers: number, { arrivalMs, flushMs }: CommitLoad): boolean {
  return writers * arrivalMs > flushMs;
}

/**
 * How many of the writers that are expected a flush should serve: all of them if the disk is the
 * slower part. Otherwise it leaves behind just as many as keep the processor busy meanwhile, so
 * that neither waits for the other, and half of them at most.
 */
function enough(expected: number, load: CommitLoad): number {
  if (!isPipelined(expected, load)) return expected;
  return expected - Math.min(Math.floor(expected / 2), Math.ceil(load.flushMs / load.arrivalMs));
}

/** The policies by name; `window` is the fixed wait of 2 ms. */
export const POLICIES: ReadonlyMap<string, CommitPolicy> = new Map(
  [
    each,
    windowOf(WINDOW_MS_DEFAULT, "window"),
    immediateWhenAlone,
    immediateWhenOneWaits,
    adaptive,
  ].map((policy) => [policy.name, policy]),
);

/**
 * The policy of a name: one of {@link POLICIES}, or `window:5` for a window of 5 ms.
 *
 * @throws LatchworkError UNKNOWN_NAME, or BAD_ARGUMENT for a window above {@link WINDOW_MS_MAX}.
 */
export function policyNamed(name: string): CommitPolicy {
  const known = POLICIES.get(name);
  if (known !== undefined) return known;
  // A value that is no string is not converted: a program without types may pass anything.
  const given = typeof name === "string" ? name : inWords(name);
  const ms = name === given ? WINDOW.exec(given)?.[1] : undefined;
  if (ms !== undefined) return windowNamed(given, Number(ms));
  const names = [...POLICIES.keys(), "window:<ms>"].join(", ");
  throw new LatchworkError("UNKNOWN_NAME", `no commit policy ${given}; there are ${names}`);
}

function windowNamed(name: string, ms: number): CommitPolicy {
  if (ms <= WINDOW_MS_MAX) return windowOf(ms, name);
  const message = `commit policy ${name}: a window must be ${WINDOW_MS_MAX} ms or less`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}
