import type { Budget } from "./budget.ts";
import { FootprintColumns, NONE } from "./footprint-columns.ts";
import type { Found } from "./frontier-search.ts";
import { GuidedWalk } from "./guided-walk.ts";
import { NEVER, openAt, type Problem, startsOf } from "./part.ts";
import { Zones } from "./zones.ts";

/**
 * A register in which every value is made at most once, and none is the first one: then each answer
 * says which write it saw, and there is little left to search (Gibbons and Korach 1997).
 *
 * {@link Zones} has the argument. Operations that only ask for "not x", as a cas that failed, are
 * no part of it. They are left out: if no order explains the rest, none explains all; and an order
 * of the rest is a guide that is walked with them put in where they fit. If that fails, nothing is
 * known, and neither is it if they may have made the history wrong earlier than the rest does.
 *
 * The event is that of the first return at which the answers so far cannot be explained.
 */
export class UniqueValues {
  readonly #problem: Problem;
  readonly #zones: Zones;
  /** After `decide`: an event at which the history is wrong for certain, or NEVER. */
  wrongAt: number = NEVER;
  /** Whether operations were left out that have to be put in. */
  readonly #isPartial: boolean;

  /** Null if the part is no such register. O(operations). */
  static of(problem: Problem): UniqueValues | null {
    const { part, steps } = problem;
    const prints = steps.footprints;
    if (prints === null || prints.keys > 1) return null;
    const { needs, avoids, makes, values } = prints.columns;
    const initial = steps.initialState;
    const makers = new Int32Array(values).fill(NONE);
    let isPartial = false;
    for (let i = 0; i < part.operations; i++) {
      const value = makes[i] ?? NONE;
      if (value === NONE) {
        isPartial ||= needs[i] === NONE || avoids[i] !== NONE;
        continue;
      }
      if (value === initial || makers[value] !== NONE || value === needs[i]) return null;
      if (avoids[i] !== NONE) return null;
      makers[value] = i;
    }
    return new UniqueValues(problem, makers, isPartial);
  }

  private constructor({ part, steps }: Problem, makers: Int32Array, isPartial: boolean) {
    this.#problem = { part, steps };
    this.#isPartial = isPartial;
    const { isRequired, deadlines: ends, operations } = part;
    const { needs, makes } = steps.footprints?.columns ?? new FootprintColumns();
    const initial = steps.initialState;
    const starts = startsOf(part);
    this.#zones = new Zones({
      operations,
      needs,
      makes,
      makers,
      isRequired,
      starts,
      ends,
      initial,
    });
  }

  /**
   * What is found out, or null if that is nothing. O(events log events), and where operations were
   * left out O(events * operations open at once).
   */
  decide(budget: Budget): Found | null {
    const { events } = this.#problem.part;
    if (this.#zones.agreeUpTo(events.length)) return this.#walk(budget, events.length);
    // More events never make a history right again, so the first event that is wrong can be found
    // by halving.
    let right = -1;
    let wrong = events.length - 1;
    while (wrong - right > 1) {
      const reason = budget.spent(this.#zones.bytes, right + 1);
      if (reason !== null) return { kind: "unknown", reason, event: right + 1 };
      const middle = (right + wrong) >> 1;
      if (this.#zones.agreeUpTo(middle)) right = middle;
      else wrong = middle;
    }
    this.wrongAt = wrong;
    // What was left out may have made the history wrong before that: a search has to say where.
    if (this.#isPartial && this.#zones.agreeUpTo(right)) {
      const found = this.#walk(budget, wrong);
      if (found?.kind !== "yes") return found;
    }
    return { kind: "no", event: wrong, open: openAt(this.#problem.part, wrong) };
  }

  /** Looks for an order of the first events, after they were found to agree. */
  #walk(budget: Budget, events: number): Found | null {
    const guide = this.#zones.guide();
    const { order } = guide;
    // If nothing was left out, the order is right as it is, and need not be changed on the way.
    const fixed = { order, ranks: null };
    return new GuidedWalk(this.#problem, this.#isPartial ? guide : fixed).run(budget, events);
  }
}
