import { type Access, ACCESS_READ, ACCESS_WRITE, doCommute } from "../task/index.ts";
import { needsConflict } from "./bug-identity.ts";
import type { Failure } from "./failure.ts";
import { DISKS_OBJECT, OPERATIONS_OBJECT } from "./own-objects.ts";
import type { Scheduler } from "./scheduler.ts";
import { taskToken } from "./schedule.ts";
import type { Segment } from "./segment.ts";

/**
 * The causal slice of a failing run: only the steps on which its failure depends. A step depends on
 * those before it of its task, and on those of others that touched what it touches, in ways that do
 * not commute (happens-before, by footprints). What is left out could be taken back, and the
 * failure would be the same.
 *
 * Where it begins: at the last step of whoever failed, or of each task of a cycle; for a result
 * that no order explains, at the operations that it is about; for a final check, at the last change
 * of each object that it has looked at, and where that is not known, at every change.
 *
 * A crash depends on what was asked of the disk before it, and all that comes after depends on it.
 * That one operation returned before another began is no dependency here.
 */
export interface CausalSlice {
  /** The steps, from 0, in order. */
  readonly steps: readonly number[];
  /** How many steps the run has. */
  readonly of: number;
}

/** Keeps the segments of the runs that a scheduler makes, for the slice of the last. */
export class SliceRecorder {
  readonly #scheduler: Scheduler;
  #segments: Segment[] = [];

  /** Begins to listen. Requires: the run has not begun, and nobody else listens. */
  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    scheduler.onSegment = (segment) => {
      if (segment.stepIndex === 0) this.#segments = [];
      this.#segments.push(segment);
    };
  }

  /**
   * The slice of the run that has just failed. O(touches).
   *
   * @param rootSteps The steps, from 0, at which to begin, where whoever judged the run knows them.
   */
  sliceOf(failure: Failure, rootSteps: readonly number[] = []): CausalSlice {
    const roots = rootSteps.length > 0 ? this.#at(rootSteps) : this.#rootsOf(failure);
    // What is judged after a crash depends on what it has left.
    if (needsConflict(failure.kind)) roots.push(...this.#segments.filter(({ isCrash }) => isCrash));
    const steps = sliceFrom(this.#segments, new Set(roots), this.#wishesOf(failure));
    return { steps, of: this.#segments.length };
  }

  /** What those who failed were about to access: a step that breaks a rule is never taken. */
  #wishesOf({ cycle, forgotten, task }: Failure): number[] {
    const ids = cycle?.map((member) => member.task) ?? [forgotten ?? task];
    return ids.flatMap((id) => {
      const step = id === null ? null : (this.#scheduler.tasks[id]?.step ?? null);
      return step === null || step.objectId < 0 ? [] : [step.objectId];
    });
  }

  #at(steps: readonly number[]): Segment[] {
    const wanted = new Set(steps);
    return this.#segments.filter(({ stepIndex }) => wanted.has(stepIndex));
  }

  #rootsOf(failure: Failure): Segment[] {
    const { cycle, forgotten, task, kind } = failure;
    if (cycle !== undefined) return cycle.flatMap((member) => this.#lastOf(member.task));
    if (forgotten !== undefined) return [...this.#lastOf(forgotten), ...this.#segments.slice(-1)];
    if (task !== null) return this.#lastOf(task);
    if (needsConflict(kind)) return this.#rootsOfEnd();
    return this.#scheduler.tasks.flatMap(({ id }) => this.#lastOf(id));
  }

  /** What a check at the end of the run has seen. */
  #rootsOfEnd(): Segment[] {
    const { tasks, program } = this.#scheduler;
    const checks = tasks.flatMap(({ id, source }) => (source.isCheck ? this.#lastOf(id) : []));
    const seen = program.lookedAt?.() ?? [];
    const changes = seen.flatMap((object) => {
      const last = this.#segments.findLast((one) => changesObject(one, object));
      return last === undefined ? [] : [last];
    });
    const roots = [...checks, ...changes];
    if (roots.length > 0) return roots;
    return this.#segments.filter(({ footprint }) =>
      footprint.some(({ objectId, access }) => objectId >= 0 && access !== ACCESS_READ),
    );
  }

  #lastOf(task: number): Segment[] {
    const last = this.#segments.findLast((one) => one.task === task);
    return last === undefined ? [] : [last];
  }
}

/** Steps by whose they are, in a row: `a 0-2, b 3, a 4`. */
export function stepsInWords(
  { steps }: CausalSlice,
  taskAt: (step: number) => number | undefined,
  first: number = 0,
): string {
  const rows: { task: number; from: number; to: number }[] = [];
  for (const step of steps) {
    const task = taskAt(step) ?? -1;
    const last = rows.at(-1);
    if (last?.task === task && last.to === step - 1) last.to = step;
    else rows.push({ task, from: step, to: step });
  }
  return rows
    .map(({ task, from, to }) => {
      const range = from === to ? `${from + first}` : `${from + first}-${to + first}`;
      return `${taskToken(task)} ${range}`;
    })
    .join(", ");
}

function changesObject({ footprint }: Segment, object: number): boolean {
  return footprint.some(({ objectId, access }) => objectId === object && access !== ACCESS_READ);
}

/** From the last segment to the first: those that one kept already depends on. */
function sliceFrom(
  segments: readonly Segment[],
  roots: ReadonlySet<Segment>,
  wishes: readonly number[],
): number[] {
  const needs = new Needs();
  for (const object of wishes) needs.addAccess(object, ACCESS_WRITE);
  const steps: number[] = [];
  for (const segment of segments.toReversed()) {
    if (!roots.has(segment) && !needs.isNeeded(segment)) continue;
    needs.add(segment);
    steps.push(segment.stepIndex);
  }
  return steps.toReversed();
}

/** What the segments kept so far depend on. */
class Needs {
  readonly #tasks = new Set<number>();
  /** By object, how it was accessed by them. */
  readonly #accesses = new Map<number, Set<Access>>();
  #hasCrash = false;

  add({ task, footprint, isCrash }: Segment): void {
    this.#tasks.add(task);
    if (isCrash) this.#hasCrash = true;
    for (const { objectId, access } of footprint) {
      if (objectId === OPERATIONS_OBJECT || objectId === DISKS_OBJECT) continue;
      this.addAccess(objectId, access);
    }
  }

  addAccess(objectId: number, access: Access): void {
    const known = this.#accesses.get(objectId);
    if (known === undefined) this.#accesses.set(objectId, new Set([access]));
    else known.add(access);
  }

  isNeeded({ task, footprint, isCrash }: Segment): boolean {
    if (isCrash) return this.#tasks.size > 0;
    if (this.#tasks.has(task)) return true;
    return footprint.some(({ objectId, access }) => {
      if (objectId === DISKS_OBJECT) return this.#hasCrash;
      const later = this.#accesses.get(objectId);
      return later !== undefined && [...later].some((one) => !doCommute(access, one));
    });
  }
}
