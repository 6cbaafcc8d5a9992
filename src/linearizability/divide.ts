import { assert } from "../task/index.ts";
import { badHistory, type History, type Operation } from "./history.ts";
import type { Call, Model, Partition } from "./models/index.ts";
import {
  CRASH,
  EXPIRE,
  FootprintColumns,
  FootprintSteps,
  INVOKE,
  type Part,
  PartBuilder,
  type Problem,
  type Reductions,
  type SearchSizes,
  RETURN,
  TableSteps,
} from "./search/index.ts";

/**
 * What a crash does to operations that it cuts off, and to their state.
 *
 * - `durable`: each took effect before the crash, or never does (durable linearizability,
 *   Izraelevitz et al. 2016, for processes that do not come back and a recovery that ends before
 *   the next operation begins). So does an operation whose client gave up before the crash.
 * - `strict`: also, one that ended in `info` took effect before its `info`, or never does (strict
 *   linearizability, Aguilera and Frolund 2003: its client's crash is a crash).
 * - `buffered`: as durable, but the crash may also take away a suffix of the order, whether it had
 *   returned or not (buffered durable linearizability). Keys cannot be checked one by one then.
 * - `ignored`: crashes are not looked at; what one cut off may take effect at any later time.
 */
export type CrashRule = "durable" | "strict" | "buffered" | "ignored";

/** How to read a history as operations on a model. */
export interface Reading {
  readonly history: History;
  readonly model: Model;
  readonly crash: CrashRule;
  readonly reductions: Reductions;
  readonly sizes: SearchSizes;
}

/** A part of the history by itself: of one key, of several, or (no keys) the whole. */
export interface Share {
  readonly keys: readonly string[];
  readonly problem: Problem;
}

/** Puts operations into shares, and gives each share its events. */
export class Divider {
  readonly #reading: Reading;
  readonly #operations: readonly Operation[];
  /** Of each operation: its share, and its number there; -1 if none, -2 if several. */
  readonly #shareOf: Int32Array;
  readonly #localOf: Int32Array;
  readonly #several = new Map<number, [share: number, local: number][]>();
  readonly #builders: PartBuilder[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#operations = reading.history.operations;
    this.#shareOf = new Int32Array(this.#operations.length).fill(-1);
    this.#localOf = new Int32Array(this.#operations.length);
  }

  newShare(): number {
    return this.#builders.push(new PartBuilder()) - 1;
  }

  /** Puts an operation into a share. Operations come in the order of their ids. */
  put(operation: Operation, share: number, isObserver: boolean): void {
    const builder = this.#builders[share];
    if (builder === undefined) return;
    const { id } = operation;
    const local = builder.addOperation(id, operation.outcome === "ok", isObserver);
    const before = this.#shareOf[id] ?? -1;
    if (before === -1) {
      this.#shareOf[id] = share;
      this.#localOf[id] = local;
      return;
    }
    let list = this.#several.get(id);
    if (list === undefined) {
      list = [[before, this.#localOf[id] ?? 0]];
      this.#several.set(id, list);
      this.#shareOf[id] = -2;
    }
    list.push([share, local]);
  }

  /** Gives the shares their events, in order; then the parts are ready. */
  finish(): Part[] {
    const { history, crash } = this.#reading;
    const events = new Int32Array(history.events).fill(-1);
    for (const { id, invokedAt, returnedAt } of this.#operations) {
      events[invokedAt] = id * 2;
      if (returnedAt < history.events) events[returnedAt] = id * 2 + 1;
    }
    let crashes = 0;
    const undecided = new Set<number>();
    for (let order = 0; order < events.length; order++) {
      const event = events[order] ?? -1;
      if (history.crashes[crashes] === order) {
        crashes++;
        if (crash !== "ignored") this.#crash(undecided, order);
      } else if (event >= 0) this.#event(event, order, undecided);
    }
    return this.#builders.map((builder) => builder.finish());
  }

  #event(event: number, order: number, undecided: Set<number>): void {
    const id = event >> 1;
    const isReturn = (event & 1) === 1;
    const outcome = this.#operations[id]?.outcome;
    if (outcome === "ok") this.#emit(id, isReturn ? RETURN : INVOKE, order);
    else if (!isReturn) {
      undecided.add(id);
      this.#emit(id, INVOKE, order);
    } else if (this.#reading.crash === "strict" && undecided.delete(id)) {
      this.#emit(id, EXPIRE, order);
    }
  }

  #crash(undecided: Set<number>, order: number): void {
    for (const id of undecided) this.#emit(id, EXPIRE, order);
    undecided.clear();
    if (this.#reading.crash !== "buffered") return;
    for (const builder of this.#builders) builder.addEvent(0, CRASH, order);
  }

  #emit(id: number, kind: number, order: number): void {
    const share = this.#shareOf[id] ?? -1;
    if (share >= 0) this.#builders[share]?.addEvent(this.#localOf[id] ?? 0, kind, order);
    else if (share === -2) {
      for (const [each, local] of this.#several.get(id) ?? []) {
        this.#builders[each]?.addEvent(local, kind, order);
      }
    }
  }
}

/** True if an operation has no bearing on whether the history is linearizable. */
export function isIdle(operation: Operation, observes: boolean): boolean {
  return operation.outcome === "fail" || (operation.outcome !== "ok" && observes);
}

/**
 * Finds the first operation that the model cannot read.
 *
 * @throws LatchworkError BAD_HISTORY if there is one.
 */
export function checkCalls(history: History, model: Model): void {
  if (model.fault === undefined) return;
  for (const operation of history.operations) {
    const fault = model.fault(operation);
    if (fault !== null) throw badHistory(operation.place, fault);
  }
}

/** The whole history as one share. */
export function wholeShare(reading: Reading): Share {
  const { model, history, crash } = reading;
  const divider = new Divider(reading);
  const share = divider.newShare();
  const calls: Call[] = [];
  for (const operation of history.operations) {
    const observes = model.observes?.(operation) ?? false;
    if (isIdle(operation, observes)) continue;
    divider.put(operation, share, observes);
    calls.push(operation);
  }
  const [part] = divider.finish();
  assert(part !== undefined, "a divider with one share makes one part");
  const steps =
    (crash === "buffered" ? null : footprintSteps(reading, model, calls, part)) ??
    new TableSteps(model, calls, crash === "buffered");
  return { keys: [], problem: { part, steps } };
}

/** A register's steps, if every call has a footprint. */
export function footprintSteps(
  { reductions }: Reading,
  model: Model,
  calls: readonly Call[],
  { isRequired }: Part,
): FootprintSteps | null {
  if (model.footprint === undefined) return null;
  const columns = new FootprintColumns();
  for (const call of calls) {
    const print = model.footprint(call);
    if (print === null) return null;
    columns.add(0, print);
  }
  const { initial } = model;
  const mergesDead = reductions.deadValues;
  columns.numberOf(0, initial);
  return new FootprintSteps({ columns, keys: 1, initial, isRequired, mergesDead });
}

/** What an operation says about one key. */
export function callOn(partition: Partition, operation: Operation, key: string): Call {
  if (partition.keyOf(operation) !== null || partition.project === undefined) return operation;
  return partition.project(operation, key);
}
