/**
 * The chance that one run of a random walk or of URW fails, computed and not sampled.
 *
 * A program of many equal tasks and one other is a Markov chain whose states count how many tasks
 * are where; a run fails with the chance to come from the start to a failure. This is a second
 * description of the programs in `bare.ts`, so that the two check each other.
 */
export type Weighing = "random" | "urw";

/** Tasks that are at one place, and what each of them does there. */
interface Group {
  readonly count: number;
  /** Steps that each of them has still to take, the next one included. */
  readonly left: number;
  /** The chance of a failure once one of them has taken its step. */
  readonly next: () => number;
}

/** Draws who goes on among all tasks that can: each alike, or by the steps it has left. */
function chanceAmong(groups: readonly Group[], weighing: Weighing): number {
  let total = 0;
  let failing = 0;
  for (const { count, left, next } of groups) {
    if (count === 0) continue;
    const weight = weighing === "random" ? count : count * left;
    total += weight;
    failing += weight * next();
  }
  return total === 0 ? 0 : failing / total;
}

/** Remembers what a function of three whole numbers below `size` gave. */
function remembered(
  size: number,
  compute: (a: number, b: number, c: number) => number,
): (a: number, b: number, c: number) => number {
  const known = new Float64Array(size ** 3).fill(-1);
  return (a, b, c) => {
    const at = (a * size + b) * size + c;
    const found = known[at] ?? -1;
    if (found >= 0) return found;
    const computed = compute(a, b, c);
    known[at] = computed;
    return computed;
  };
}

/** Where the reader is, and whether a writer holds the first latch. */
const AT_FIRST = 0;
const HOLDS_FIRST = 1;
const AT_SECOND = 2;
const AT_FIRST_HELD = 3;
const AT_SECOND_HELD = 4;

/**
 * Schedules until twostage fails, on average: each task latches, lets go, latches, lets go.
 *
 * As long as nobody has latched the second thing, a state is how many writers have not begun, how
 * many are between the two, and where the reader is. Once a writer is in the second stage, or the
 * reader has come too early, nothing can fail any more.
 */
export function twoStageMean(writers: number, weighing: Weighing): number {
  const never = (): number => 0;
  const chance = remembered(Math.max(writers, AT_SECOND_HELD) + 1, (fresh, between, place) => {
    const go = (begun: number, toSecond: number, to: number) => (): number =>
      chance(fresh - begun, between + toSecond, to);
    const seesIt = fresh < writers ? go(0, 0, HOLDS_FIRST) : never;
    const second: Group = { count: between, left: 2, next: never };
    const groups: Record<number, readonly Group[]> = {
      [AT_FIRST]: [
        { count: fresh, left: 4, next: go(1, 0, AT_FIRST_HELD) },
        { count: 1, left: 4, next: seesIt },
      ],
      [HOLDS_FIRST]: [{ count: 1, left: 3, next: go(0, 0, AT_SECOND) }],
      [AT_SECOND]: [
        { count: fresh, left: 4, next: go(1, 0, AT_SECOND_HELD) },
        { count: 1, left: 2, next: () => 1 },
      ],
      [AT_FIRST_HELD]: [{ count: 1, left: 3, next: go(0, 1, AT_FIRST) }],
      [AT_SECOND_HELD]: [
        { count: 1, left: 3, next: go(0, 1, AT_SECOND) },
        { count: 1, left: 2, next: () => 1 },
      ],
    };
    return chanceAmong([second, ...(groups[place] ?? [])], weighing);
  });
  return 1 / chance(writers, 0, AT_FIRST);
}

/**
 * Schedules until reorder fails, on average: setters write a, then b, and a checker reads a, then
 * b. A state is how many setters have not begun, how many are done, and what the checker has seen.
 */
export function reorderMean(setters: number, weighing: Weighing): number {
  const [UNREAD, UNSET, SET] = [0, 1, 2];
  const chance = remembered(Math.max(setters, 3) + 1, (fresh, done, seen): number => {
    const between = setters - fresh - done;
    const isSet = done > 0;
    const checks = (): number =>
      seen === UNREAD
        ? chance(fresh, done, fresh < setters ? SET : UNSET)
        : Number(isSet !== (seen === SET));
    return chanceAmong(
      [
        { count: fresh, left: 2, next: () => chance(fresh - 1, done, seen) },
        { count: between, left: 1, next: () => chance(fresh, done + 1, seen) },
        { count: 1, left: seen === UNREAD ? 2 : 1, next: checks },
      ],
      weighing,
    );
  });
  return 1 / chance(setters, 0, UNREAD);
}
