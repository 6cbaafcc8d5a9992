import {
  areIndependent,
  type FailureKind,
  type Program,
  Scheduler,
  type SchedulerOptions,
  type Segment,
  type Strategy,
} from "../../../src/sim/index.ts";

/** What came of all runs of a strategy. */
export interface Explored {
  readonly runs: number;
  readonly abandoned: number;
  /** For each happens-before order, its failure; `none` if it went well. */
  readonly orders: ReadonlyMap<string, FailureKind | "none">;
  /** The orders that were run more than once. */
  readonly repeated: readonly string[];
  /** The scheduler's own hashes of the orders. */
  readonly hashes: ReadonlySet<number>;
}

/**
 * Makes every run of a strategy; null if there are more than so many.
 *
 * @param twins Tasks that may be exchanged: orders that are the same but for that are one.
 */
export function explored(
  program: Program,
  strategy: Strategy,
  runsMax: number,
  options: SchedulerOptions | Scheduler = {},
  twins: readonly (readonly number[])[] = [],
): Explored | null {
  const exchanges = exchangesOf(twins);
  const scheduler = options instanceof Scheduler ? options : new Scheduler(options);
  const segments: Segment[] = [];
  scheduler.onSegment = (segment) => segments.push(segment);
  const orders = new Map<string, FailureKind | "none">();
  const repeated: string[] = [];
  const hashes = new Set<number>();
  let [runs, abandoned] = [0, 0];
  while (strategy.beginRun()) {
    segments.length = 0;
    const result = scheduler.run(program, strategy);
    strategy.endRun(result);
    if (result.abandoned) {
      abandoned++;
      continue;
    }
    if (++runs > runsMax) return null;
    const order = exchanges
      .map((exchange) => orderOf(segments, scheduler.schedule, exchange))
      .reduce((least, other) => (other < least ? other : least));
    if (orders.has(order)) repeated.push(order);
    orders.set(order, result.failure?.kind ?? "none");
    hashes.add(result.orderHash);
  }
  return { runs, abandoned, orders, repeated, hashes };
}

type Exchange = (task: number) => number;

/** Every way to exchange tasks of each set among themselves, that of leaving them among them. */
function exchangesOf(twins: readonly (readonly number[])[]): Exchange[] {
  let all: Exchange[] = [(task) => task];
  for (const group of twins) {
    const ways = permutationsOf(group);
    all = all.flatMap((before) =>
      ways.map((way) => (task: number) => {
        const at = group.indexOf(task);
        return at < 0 ? before(task) : (way[at] ?? task);
      }),
    );
  }
  return all;
}

function permutationsOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutationsOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}

/**
 * The happens-before order of a run as a text: the same for two runs if one can be made the other
 * by swapping neighbouring segments that are independent. It is the run of that order in which at
 * each step the first task goes on that can.
 */
function orderOf(
  segments: readonly Segment[],
  schedule: readonly number[],
  exchange: Exchange,
): string {
  const names = namesOf(segments, schedule, exchange);
  const waitsFor = segments.map((_, at) => earlierThan(segments, at));
  const done = new Set<number>();
  const text: string[] = [];
  while (done.size < segments.length) {
    let next = -1;
    for (const [at, { task }] of segments.entries()) {
      if (done.has(at) || !waitsFor[at]?.every((other) => done.has(other))) continue;
      if (next < 0 || exchange(task) < exchange(segments[next]?.task ?? 0)) next = at;
    }
    done.add(next);
    text.push(names[next] ?? "");
  }
  return text.join(" ");
}

function namesOf(
  segments: readonly Segment[],
  schedule: readonly number[],
  exchange: Exchange,
): string[] {
  const counts = new Map<number, number>();
  return segments.map(({ task, outcome, firstDecision, endDecision }) => {
    const number = (counts.get(task) ?? 0) + 1;
    counts.set(task, number);
    const values = schedule.slice(firstDecision + 1, endDecision).map((value) => `=${~value}`);
    return `${exchange(task)}.${number}${outcome}${values.join("")}`;
  });
}

function earlierThan(segments: readonly Segment[], at: number): number[] {
  const segment = segments[at];
  if (segment === undefined) return [];
  const barrier = segments.findLastIndex(
    ({ isAfterTime, isAfterRest }, i) => i <= at && (isAfterTime || isAfterRest),
  );
  return segments.slice(0, at).flatMap((other, i) => {
    const isMaker = other.made.includes(segment.task);
    return i < barrier || isMaker || !areIndependent(other, segment) ? [i] : [];
  });
}
