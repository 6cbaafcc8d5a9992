import { assert } from "../task/index.ts";
import { checkOrder } from "./check-order.ts";
import { checkCalls, type Reading, type Share, wholeShare } from "./divide.ts";
import { divideByKey, groupShare, tiedKeys } from "./divide-by-key.ts";
import { type CheckOptions, refuseUnknownCheckOptions } from "./check-options.ts";
import type { History } from "./history.ts";
import type { Model } from "./models/index.ts";
import {
  ALL_REDUCTIONS,
  Budget,
  type Found,
  PartSearch,
  type Problem,
  type Reductions,
  SEARCH_SIZES,
  type SearchSizes,
} from "./search/index.ts";
import type { Verdict } from "./verdict.ts";
import { mergeOrders, type PartialOrder } from "./witness.ts";

/**
 * Decides whether a history is linearizable.
 *
 * The history is cut up by key where the model allows it. An operation that looks at several keys
 * is first taken as one look at each: a key that cannot be explained then never can. Only after
 * that are the keys that such operations tie together decided as one.
 *
 * @throws LatchworkError BAD_HISTORY if the model cannot read an operation, BAD_ARGUMENT for an
 *   option that does not exist.
 */
export function checkHistory(history: History, model: Model, options: CheckOptions = {}): Verdict {
  refuseUnknownCheckOptions("checkHistory", options);
  const budget = new Budget(options);
  const setting = settingOf(history, options);
  const asking = askParts(history, model, options, budget);
  let asked = asking.next();
  while (asked.done !== true) {
    const { problems, at } = asked.value;
    asked = asking.next(decidePart(problems[at], setting, budget));
  }
  return asked.value;
}

/** A part to decide: `problems[at]`. Unless it is not linearizable, the parts after it follow. */
export interface PartAsked {
  readonly problems: readonly Problem[];
  readonly at: number;
}

/** What the search found out about a part. */
export interface PartDecision {
  readonly found: Found;
  /** Configurations expanded for this part. */
  readonly explored: number;
}

/** A check that asks for decisions, one after the other. */
export type AskingParts = Generator<PartAsked, Verdict, PartDecision>;

/** The check of a history without the search: its caller decides the parts, in any thread. */
export function* askParts(
  history: History,
  model: Model,
  options: CheckOptions,
  budget: Budget,
): AskingParts {
  checkCalls(history, model);
  return yield* new Check(history, model, options, budget).run();
}

/** What else the decision of a part depends on. */
export interface SearchSetting {
  readonly reductions: Reductions;
  readonly sizes: SearchSizes;
  /** By operation id: its place as the witness or the versions claim it; NaN if they do not. */
  readonly ranks: readonly Float64Array[];
}

export function settingOf(history: History, options: CheckOptions): SearchSetting {
  return {
    reductions: { ...ALL_REDUCTIONS, ...options.reductions },
    sizes: { ...SEARCH_SIZES, ...options.sizes },
    ranks: ranksOf(history, options),
  };
}

/** Decides a part. Nothing is kept from earlier parts, so every thread finds the same. */
export function decidePart(
  problem: Problem | undefined,
  { reductions, sizes, ranks }: SearchSetting,
  budget: Budget,
): PartDecision {
  assert(problem !== undefined, "parts are asked for by their places");
  const search = new PartSearch(budget, reductions, ranks, sizes);
  const found = search.decide(problem);
  return { found, explored: search.explored };
}

/** A step of a check: the verdict if it is not linearizable. */
type Deciding = Generator<PartAsked, Verdict | null, PartDecision>;

class Check {
  readonly #reading: Reading;
  readonly #options: CheckOptions;
  readonly #budget: Budget;
  readonly #orders: PartialOrder[] = [];
  #explored = 0;
  #unknown: Verdict | null = null;
  /** Whether the budget is used up for all other parts too. */
  #isOver = false;

  constructor(history: History, model: Model, options: CheckOptions, budget: Budget) {
    const reductions = { ...ALL_REDUCTIONS, ...options.reductions };
    const sizes = { ...SEARCH_SIZES, ...options.sizes };
    this.#reading = { history, model, crash: options.crash ?? "durable", reductions, sizes };
    this.#options = options;
    this.#budget = budget;
  }

  *run(): AskingParts {
    const { history, model, crash } = this.#reading;
    const { witness } = this.#options;
    if (witness === undefined) return yield* this.#decideAll();
    const claim = checkOrder(history, model, witness, crash);
    if (claim === null) return { kind: "linearizable", witness, explored: 0 };
    return { ...(yield* this.#decideAll()), claim };
  }

  *#decideAll(): AskingParts {
    const { history, model, crash } = this.#reading;
    const { partition } = model;
    const isWhole = this.#options.partition === false && this.#options.scan !== "per-key";
    const isBuffered = crash === "buffered" && history.crashes.length > 0;
    const no =
      partition === undefined || isWhole || isBuffered
        ? yield* this.#whole()
        : yield* this.#byKey();
    if (no !== null) return no;
    if (this.#unknown !== null) return { ...this.#unknown, explored: this.#explored };
    const witness = mergeOrders(history, this.#orders);
    return { kind: "linearizable", witness, explored: this.#explored };
  }

  *#whole(): Deciding {
    const share = wholeShare(this.#reading);
    this.#budget.expect(eventsOf(share));
    return yield* this.#decide(share, { problems: [share.problem], at: 0 }, null);
  }

  /** Every key by itself, then those that scans tie together. */
  *#byKey(): Deciding {
    const { partition } = this.#reading.model;
    if (partition === undefined) return null;
    const byKey = divideByKey(this.#reading, partition, this.#budget);
    if (byKey === null) return yield* this.#whole();
    if (typeof byKey === "string") {
      const { events } = this.#reading.history;
      this.#unknown = { kind: "unknown", reason: byKey, keys: [], event: 0, events, explored: 0 };
      return null;
    }
    const idle = looksAtNothing(byKey.scans);
    if (idle.length > 0) this.#orders.push(idle);
    const isAtomic = this.#options.scan !== "per-key";
    const groups = isAtomic ? tiedKeys(byKey) : [];
    const tied = new Set(groups.flat());
    for (const share of byKey.keys) this.#budget.expect(eventsOf(share));
    const problems = byKey.keys.map(({ problem }) => problem);
    for (const [key, share] of byKey.keys.entries()) {
      const no = yield* this.#decide(
        share,
        { problems, at: key },
        tied.has(key) ? "all" : isAtomic ? null : byKey.scans,
      );
      if (no !== null) return no;
      if (this.#isOver) return null;
    }
    for (const group of groups) {
      const share = groupShare(this.#reading, partition, byKey, group);
      this.#budget.expect(eventsOf(share));
      const no = yield* this.#decide(share, { problems: [share.problem], at: 0 }, null);
      if (no !== null || this.#isOver) return no;
    }
    return null;
  }

  /**
   * Decides a share; gives the verdict if it is not linearizable.
   *
   * @param omitted Operations that do not belong in the witness.
   */
  *#decide(
    share: Share,
    asked: PartAsked,
    omitted: "all" | ReadonlyMap<number, unknown> | null,
  ): Deciding {
    const { part } = share.problem;
    const { found, explored } = yield asked;
    this.#explored += explored;
    this.#budget.finish(eventsOf(share));
    switch (found.kind) {
      case "yes": {
        if (omitted === "all") return null;
        const ids = found.order.map((local) => part.ids[local] ?? 0);
        this.#orders.push(omitted === null ? ids : ids.filter((id) => !omitted.has(id)));
        return null;
      }
      case "no": {
        const event = part.orders[found.event] ?? 0;
        const operation = part.ids[(part.events[found.event] ?? 0) >> 2] ?? 0;
        const open = found.open.map((local) => part.ids[local] ?? 0).toSorted((a, b) => a - b);
        const { keys } = share;
        return { kind: "not-linearizable", keys, event, operation, open, explored: this.#explored };
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

/** Scans that cover no key in use: they are in no part, and right at any moment. */
function looksAtNothing(scans: ReadonlyMap<number, readonly number[]>): PartialOrder {
  return [...scans].flatMap(([id, covered]) => (covered.length === 0 ? [id] : []));
}

function eventsOf({ problem }: Share): number {
  return problem.part.events.length;
}

/** The place of each operation as the claimed witness and the versions have it. */
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
