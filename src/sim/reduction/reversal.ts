import type { TaskId } from "../../task/index.ts";
import { areDependent, type Action, type Draw } from "./event.ts";
import type { RunOrder } from "./run-order.ts";

/** One event of a sequence that is to be run. */
export interface Planned {
  readonly task: TaskId;
  /** The values that it has to draw; null for one that is free to draw any. */
  readonly draws: readonly Draw[] | null;
  /** What is known of it. For a free one, only what it does for certain. */
  readonly action: Action;
}

/** An event of a {@link Reversal}, and where in the run it was. */
interface Placed extends Planned {
  readonly at: number;
}

/**
 * What to run in place of an event so that a later one comes before it: all that does not come
 * after the first (in Flanagan and Godefroid's terms, what is independent of the race), and then
 * the later one.
 *
 * The last event is run where it never was: what it does there is certain only up to its first
 * access of something that the events left out have touched.
 */
export class Reversal {
  readonly items: readonly Placed[];
  readonly #order: RunOrder;
  /** The event of the run before the last one's, of the same task. */
  readonly #beforeLast: number;
  readonly #twins: readonly number[];

  /**
   * @param kept Events of the run that come before the last one here, in their order.
   * @param beforeLast See {@link RunOrder.lastOf}.
   * @param twins See {@link RunOrder.twinsBefore}, of the last one.
   */
  constructor(
    order: RunOrder,
    kept: readonly number[],
    last: Action,
    beforeLast: number,
    twins: readonly number[],
  ) {
    this.#order = order;
    this.#twins = twins;
    this.#beforeLast = beforeLast;
    const items: Placed[] = [];
    for (const at of kept) {
      const event = order.events[at];
      if (event !== undefined) {
        items.push({ task: event.task, draws: event.draws, action: event, at });
      }
    }
    items.push({ task: last.task, draws: null, action: last, at: -1 });
    this.items = items;
  }

  /** Tells it apart from others that begin at the same place. */
  get key(): string {
    return this.items
      .map(({ task, draws }) => [task, ...(draws ?? []).map(({ value }) => `=${value}`)].join(""))
      .join(" ");
  }

  /** Whether an event of it must come before a later one. */
  mustPrecede(first: Planned, second: Planned): boolean {
    const at = placeOf(first);
    if (second.draws !== null) return this.#order.isBefore(at, placeOf(second));
    if (this.#order.isBefore(at, this.#beforeLast)) return true;
    if (this.#twins.some((twin) => this.#order.isBefore(at, twin))) return true;
    if (areDependent(first.action, second.action)) return true;
    return at > this.#beforeLast && this.#order.events[at]?.letsGo.includes(second.task) === true;
  }
}

function placeOf(planned: Planned): number {
  return "at" in planned && typeof planned.at === "number" ? planned.at : -1;
}
