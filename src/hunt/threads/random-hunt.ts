import type { Verdict } from "../../sim/index.ts";
import { assert } from "../../task/index.ts";
import { type HuntResult, RUNS_PER_SCENARIO } from "../hunt.ts";
import type { HuntPlan } from "../plan.ts";
import type { Crew } from "./crew.ts";
import type { DrawnPart } from "./messages.ts";

/** Scenarios of one order: some tens of milliseconds of work. */
const SCENARIOS_PER_ORDER = 4;
/** Orders that are given for each worker before their results are needed. */
const ORDERS_AHEAD = 2;

type RandomPlan = HuntPlan & { readonly kind: "random" };

/** What is known of a hunt so far: its parts, added up in their order. */
interface Sum {
  readonly verdict: Verdict;
  readonly last: DrawnPart;
}

/**
 * A hunt in random scenarios by a crew: workers explore the next ones ahead of time, and their
 * verdicts are added up in the order of the scenarios, up to the first finding or the budget. Each
 * verdict depends on its scenario and on how many schedules it may have; that is known in advance
 * but for the end of the hunt, where a scenario is explored anew if it may have fewer than it had.
 */
export class RandomHunt {
  readonly #crew: Crew;
  readonly #plan: RandomPlan;
  readonly #priority: number;
  readonly #tell: (runs: number) => void;
  /** Orders given whose results have not been looked at, the next first. */
  readonly #ahead: Promise<readonly DrawnPart[]>[] = [];
  #asked = 0;

  constructor(crew: Crew, plan: RandomPlan, priority: number, tell: (runs: number) => void) {
    this.#crew = crew;
    this.#plan = plan;
    this.#priority = priority;
    this.#tell = tell;
  }

  async run(): Promise<HuntResult> {
    const { runsMax } = this.#plan.setting;
    const most = this.#runsEach;
    let sum: Sum | null = null;
    for (let number = 1; ;) {
      // oxlint-disable-next-line no-await-in-loop -- results are added up in their order
      for (const part of await this.#next(number, sum?.verdict.runs ?? 0)) {
        const left: number = runsMax - (sum?.verdict.runs ?? 0);
        // oxlint-disable-next-line no-await-in-loop -- the same
        sum = add(sum, left >= most ? part : await this.#again(number, left));
        this.#tell(sum.verdict.runs);
        const { runs, finding, interrupted } = sum.verdict;
        if (runs >= runsMax || finding !== null || interrupted) return this.#end(sum, number);
        number++;
      }
    }
  }

  /** How many schedules a scenario has unless the budget ends in it. */
  get #runsEach(): number {
    return Math.min(RUNS_PER_SCENARIO, this.#plan.setting.runsMax);
  }

  /**
   * The parts of the next order, while those after it are under way.
   *
   * @param number The scenario that is next.
   * @param runs Schedules of those before it.
   */
  async #next(number: number, runs: number): Promise<readonly DrawnPart[]> {
    const { runsMax } = this.#plan.setting;
    const each = number === 1 ? this.#runsEach : runs / (number - 1);
    const last = number - 1 + Math.ceil((runsMax - runs) / Math.max(each, 1));
    const most = ORDERS_AHEAD * this.#crew.size;
    while (this.#ahead.length === 0 || (this.#asked < last && this.#ahead.length < most)) {
      const first = this.#asked + 1;
      this.#asked += SCENARIOS_PER_ORDER;
      this.#ahead.push(this.#ask(first, SCENARIOS_PER_ORDER, this.#runsEach));
    }
    const next = this.#ahead.shift();
    assert(next !== undefined, "an order has been given");
    return next;
  }

  async #again(number: number, runsMax: number): Promise<DrawnPart> {
    const [part] = await this.#ask(number, 1, runsMax);
    assert(part !== undefined, "one scenario gives one part");
    return part;
  }

  #ask(first: number, count: number, runsMax: number): Promise<readonly DrawnPart[]> {
    const { shape, setting } = this.#plan;
    const order = { kind: "drawn", shape, setting, first, count, runsMax } as const;
    const asked = this.#crew.ask(order, this.#priority);
    // What goes wrong after the end of the hunt has not happened in it.
    asked.catch(() => undefined);
    return asked;
  }

  #end({ verdict, last }: Sum, scenarios: number): Promise<HuntResult> {
    const { scenario } = last;
    const { setting } = this.#plan;
    return this.#crew.ask({ kind: "finish", scenario, verdict, scenarios, setting }, -1);
  }
}

/** Adds the verdict of the next scenario; equal orders of two scenarios are two. */
function add(sum: Sum | null, part: DrawnPart): Sum {
  if (sum === null) return { verdict: part.verdict, last: part };
  const { verdict: before } = sum;
  const { runs, abandoned, steps, finding, ...last } = part.verdict;
  const { distinctOrders, ordersSeenOnce, ordersSeenTwice } = last;
  const verdict: Verdict = {
    ...last,
    finding: finding === null ? null : { ...finding, runs: before.runs + finding.runs },
    runs: before.runs + runs,
    abandoned: before.abandoned + abandoned,
    steps: before.steps + steps,
    distinctOrders: before.distinctOrders + distinctOrders,
    ordersSeenOnce: before.ordersSeenOnce + ordersSeenOnce,
    ordersSeenTwice: before.ordersSeenTwice + ordersSeenTwice,
  };
  return { verdict, last: part };
}
