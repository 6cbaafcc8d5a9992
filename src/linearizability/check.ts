import { checkCalls, type CrashRule, type Reading, type Share, wholeShare } from "./divide.ts";
import { divideByKey, groupShare, tiedKeys } from "./divide-by-key.ts";
import type { History } from "./history.ts";
import type { Model } from "./models/index.ts";
import {
  ALL_REDUCTIONS,
  Budget,
  type BudgetLimits,
  type Found,
  FrontierSearch,
  type Reductions,
} from "./search/index.ts";
import type { Verdict } from "./verdict.ts";
import { mergeOrders, type PartialOrder } from "./witness.ts";

/**
 * How a scan is judged: all its keys at one moment, or each key at some moment of the scan. The
 * same goes for a read of a whole set and its elements.
 */
export type ScanRule = "atomic" | "per-key";

/** How to check a history. Everything has a default. */
export interface CheckOptions extends BudgetLimits {
  /** `durable` unless given. Nothing, in a history without crashes and `info`. */
  readonly crash?: CrashRule;
  /** `atomic` unless given. */
  readonly scan?: ScanRule;
  /** Reductions to switch off. */
  readonly reductions?: Partial<Reductions>;
  /** False checks the whole history at once, even where each key could be checked by itself. */
  readonly partition?: boolean;
}

/**
 * Decides whether a history is linearizable.
 *
 * The history is cut up by key where the model allows it. Operations that look at several keys are
 * first taken as one look at each: if some key cannot be explained then, it never can. Only then
 * are the keys that they tie together decided as one.
 *
 * @throws LatchworkError BAD_HISTORY if the model cannot read an operation.
 */
export function checkHistory(history: History, model: Model, options: CheckOptions = {}): Verdict {
  checkCalls(history, model);
  return new Check(history, model, options).run();
}

class Check {
  readonly #reading: Reading;
  readonly #options: CheckOptions;
  readonly #budget: Budget;
  readonly #orders: PartialOrder[] = [];
  #search: FrontierSearch | null = null;
  #explored = 0;
  #unknown: Verdict | null = null;
  /** Whether what was used up is gone for all other parts too. */
  #isOver = false;

  constructor(history: History, model: Model, options: CheckOptions) {
    const reductions = { ...ALL_REDUCTIONS, ...options.reductions };
    this.#reading = { history, model, crash: options.crash ?? "durable", reductions };
    this.#options = options;
    this.#budget = new Budget(options);
  }

  run(): Verdict {
    const { history, model, crash } = this.#reading;
    const { partition } = model;
    const isWhole = this.#options.partition === false && this.#options.scan !== "per-key";
    const isBuffered = crash === "buffered" && history.crashes.length > 0;
    const no = partition === undefined || isWhole || isBuffered ? this.#whole() : this.#byKey();
    if (no !== null) return no;
    if (this.#unknown !== null) return { ...this.#unknown, explored: this.#explored };
    const witness = mergeOrders(history, this.#orders);
    return { kind: "linearizable", witness, explored: this.#explored };
  }

  #whole(): Verdict | null {
    const share = wholeShare(this.#reading);
    this.#budget.expect(eventsOf(share));
    return this.#decide(share, null);
  }

  /** Every key by itself, then those that scans tie together. */
  #byKey(): Verdict | null {
    const { partition } = this.#reading.model;
    if (partition === undefined) return null;
    const byKey = divideByKey(this.#reading, partition);
    if (byKey === null) return this.#decide(wholeShare(this.#reading), null);
    const isAtomic = this.#options.scan !== "per-key";
    const groups = isAtomic ? tiedKeys(byKey) : [];
    const tied = new Set(groups.flat());
    for (const share of byKey.keys) this.#budget.expect(eventsOf(share));
    for (const [key, share] of byKey.keys.entries()) {
      const no = this.#decide(share, tied.has(key) ? "untold" : isAtomic ? null : byKey.scans);
      if (no !== null) return no;
      if (this.#isOver) return null;
    }
    for (const group of groups) {
      const share = groupShare(this.#reading, partition, byKey, group);
      this.#budget.expect(eventsOf(share));
      const no = this.#decide(share, null);
      if (no !== null || this.#isOver) return no;
    }
    return null;
  }

  /** Decides a share; gives the verdict if it is no. Operations in `untold` are in no order. */
  #decide(share: Share, untold: "untold" | ReadonlyMap<number, unknown> | null): Verdict | null {
    const { part } = share.problem;
    const found = this.#find(share);
    this.#budget.finish(eventsOf(share));
    switch (found.kind) {
      case "yes": {
        if (untold === "untold") return null;
        const ids = found.order.map((local) => part.ids[local] ?? 0);
        this.#orders.push(untold === null ? ids : ids.filter((id) => !untold.has(id)));
        return null;
      }
      case "no": {
        const event = part.orders[found.event] ?? 0;
        const operation = part.ids[(part.events[found.event] ?? 0) >> 2] ?? 0;
        const open = found.open.map((local) => part.ids[local] ?? 0).toSorted((a, b) => a - b);
        const explored = this.#explored;
        return { kind: "not-linearizable", keys: share.keys, event, operation, open, explored };
      }
      case "unknown": {
        const { events } = this.#reading.history;
        const event = part.orders[found.event] ?? 0;
        const { reason } = found;
        const { keys } = share;
        this.#isOver ||= reason !== "memory";
        this.#unknown ??= { kind: "unknown", reason, keys, event, events, explored: 0 };
        // What filled the memory must not stand in the way of the next part.
        this.#search = null;
        return null;
      }
    }
  }

  #find({ problem }: Share): Found {
    if (this.#search === null) {
      this.#search = new FrontierSearch(problem, this.#budget, this.#reading.reductions);
    } else this.#search.load(problem);
    const before = this.#search.explored;
    const found = this.#search.run();
    this.#explored += this.#search.explored - before;
    return found;
  }
}

function eventsOf({ problem }: Share): number {
  return problem.part.events.length;
}
