/** Groups remembered; a program that makes new objects in every run would use up the memory. */
const GROUPS_MAX = 4096;

/** After a run with fewer steps the most sinks by this part of the difference, rounded down. */
const SINKS_BY = 16;

/** How many steps of one group, as those on one object, each task takes. */
class GroupCounts {
  readonly group: number;
  /** By task: the most in any run, but for what has sunk. */
  readonly most: number[] = [];
  /** By task: so far in the run {@link run}. */
  readonly done: number[] = [];
  run = -1;
  isWritten = false;
  isContended = false;

  constructor(group: number) {
    this.group = group;
  }
}

/**
 * How many steps each task takes on each object, or of another group, learned from run to run: as
 * for the uniform random walk the most that were seen, which sinks slowly if runs become shorter.
 */
export class StepCounts {
  readonly #groups = new Map<number, GroupCounts>();
  /** Those with steps in this run. */
  readonly #touched: GroupCounts[] = [];
  readonly #contended: number[] = [];
  #run = 0;

  /** Groups in which two tasks take steps, one of which writes; in the order learned. */
  get contended(): readonly number[] {
    return this.#contended;
  }

  /** Starts a new run. */
  begin(): void {
    this.#run++;
    this.#touched.length = 0;
  }

  /** Notes a step of a group that a task is about to take. */
  count(group: number, task: number, isWrite: boolean): void {
    const counts = this.#groups.get(group) ?? this.#newGroup(group);
    if (counts === null) return;
    if (counts.run !== this.#run) this.#reset(counts);
    while (counts.done.length <= task) counts.done.push(0);
    counts.done[task] = (counts.done[task] ?? 0) + 1;
    counts.isWritten ||= isWrite;
  }

  /** How many steps of a group a task has still to take in this run, so far as is known. */
  left(group: number, task: number): number {
    const counts = this.#groups.get(group);
    if (counts === undefined) return 0;
    const done = counts.run === this.#run ? (counts.done[task] ?? 0) : 0;
    return Math.max((counts.most[task] ?? 0) - done, 0);
  }

  /** Learns from the run that has ended. O(tasks of all groups touched). */
  learn(): void {
    for (const counts of this.#touched) {
      learn(counts);
      if (counts.isContended || !counts.isWritten) continue;
      counts.isContended = counts.most.filter((steps) => steps > 0).length > 1;
      if (counts.isContended) this.#contended.push(counts.group);
    }
  }

  #newGroup(group: number): GroupCounts | null {
    if (this.#groups.size === GROUPS_MAX) return null;
    const counts = new GroupCounts(group);
    this.#groups.set(group, counts);
    return counts;
  }

  #reset(counts: GroupCounts): void {
    counts.run = this.#run;
    counts.done.fill(0);
    this.#touched.push(counts);
  }
}

function learn({ most, done }: GroupCounts): void {
  for (const [task, steps] of done.entries()) {
    const sunk = (most[task] ?? 0) - steps;
    most[task] = steps + Math.max(sunk - Math.floor(sunk / SINKS_BY), 0);
  }
}
