import { checkOrder } from "./check-order.ts";
import { checkCalls, type CrashRule, type Reading, type Share, wholeShare } from "./divide.ts";
import { divideByKey, groupShare, tiedKeys } from "./divide-by-key.ts";
import type { History } from "./history.ts";
import type { Model } from "./models/index.ts";
import {
  ALL_REDUCTIONS,
  Budget,
  type BudgetLimits,
  PartSearch,
  type Reductions,
  SEARCH_SIZES,
  type SearchSizes,
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
  /** Other numbers for how much is tried before what. */
  readonly sizes?: Partial<SearchSizes>;
  /** False checks the whole history at once, even where each key could be checked by itself. */
  readonly partition?: boolean;
  /**
   * Ids of operations in the order in which the system says that it applied them. Checked first, in
   * linear time; if it holds it is the verdict's witness and nothing is explored. If not, the
   * verdict is what it would be without, and its `claim` says what was wrong; parts of the order
   * that hold still save their search. So does an order of the writes alone.
   */
  readonly witness?: readonly number[];
  /** False takes no notice of the versions of operations, which never change what a verdict is. */
  readonly versions?: boolean;
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
  readonly #search: PartSearch;
  #unknown: Verdict | null = null;
  /** Whether what was used up is gone for all other parts too. */
  #isOver = false;

  constructor(history: History, model: Model, options: CheckOptions) {
    const reductions = { ...ALL_REDUCTIONS, ...options.reductions };
    const sizes = { ...SEARCH_SIZES, ...options.sizes };
    this.#reading = { history, model, crash: options.crash ?? "durable", reductions, sizes };
    this.#options = options;
    this.#budget = new Budget(options);
    this.#search = new PartSearch(this.#budget, reductions, ranksOf(history, options), sizes);
  }

  run(): Verdict {
    const { history, model, crash } = this.#reading;
    const { witness } = this.#options;
    if (witness === undefined) return this.#decideAll();
    const claim = checkOrder(history, model, witness, crash);
    if (claim === null) return { kind: "linearizable", witness, explored: 0 };
    return { ...this.#decideAll(), claim };
  }

  #decideAll(): Verdict {
    const { history, model, crash } = this.#reading;
    const { partition } = model;
    const isWhole = this.#options.partition === false && this.#options.scan !== "per-key";
    const isBuffered = crash === "buffered" && history.crashes.length > 0;
    const no = partition === undefined || isWhole || isBuffered ? this.#whole() : this.#byKey();
    if (no !== null) return no;
    if (this.#unknown !== null) return { ...this.#unknown, explored: this.#search.explored };
    const witness = mergeOrders(history, this.#orders);
    return { kind: "linearizable", witness, explored: this.#search.explored };
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
    const byKey = divideByKey(this.#reading, partition, this.#budget);
    if (byKey === null) return this.#whole();
    if (typeof byKey === "string") {
      const { events } = this.#reading.history;
      this.#unknown = { kind: "unknown", reason: byKey, keys: [], event: 0, events, explored: 0 };
      return null;
    }
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
    const found = this.#search.decide(share.problem);
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
        const { explored } = this.#search;
        return { kind: "not-linearizable", keys: share.keys, event, operation, open, explored };
      }
      case "unknown": {
        const { events } = this.#reading.history;
        const event = part.orders[found.event] ?? 0;
        const { reason } = found;
        const { keys } = share;
        this.#isOver ||= reason !== "memory";
        this.#unknown ??= { kind: "unknown", reason, keys, event, events, explored: 0 };
        return null;
      }
    }
  }
}

function eventsOf({ problem }: Share): number {
  return problem.part.events.length;
}

/** Where the witness that was claimed and the versions say that each operation stands. */
function ranksOf({ operations }: History, { witness, versions }: CheckOptions): Float64Array[] {
  const ranks: Float64Array[] = [];
  if (witness !== undefined) {
    const places = new Float64Array(operations.length).fill(Number.NaN);
    for (const [place, id] of witness.entries()) places[id] = place;
    ranks.push(places);
  }
  if (versions !== false && operations.some(({ version }) => version !== null)) {
    ranks.push(Float64Array.from(operations, ({ version }) => version ?? Number.NaN));
  }
  return ranks;
}
