import type { Budget } from "./budget.ts";
import { firstStaleRead } from "./stale-reads.ts";
import { type Found, FrontierSearch } from "./frontier-search.ts";
import { guideByRank, GuidedWalk } from "./guided-walk.ts";
import { NEVER, openAt, type Problem } from "./part.ts";
import type { Reductions } from "./reductions.ts";
import { SEARCH_SIZES, type SearchSizes } from "./search-sizes.ts";
import { UniqueValues } from "./unique-values.ts";

/** Decides parts of one history, in the cheapest way that works for each. */
export class PartSearch {
  /** Configurations that were expanded, over all parts. */
  explored = 0;
  readonly #budget: Budget;
  readonly #reductions: Reductions;
  readonly #sizes: SearchSizes;
  readonly #ranks: readonly Float64Array[];
  #frontier: FrontierSearch | null = null;

  /** @param ranks By operation id, its place as it was claimed; NaN if it was not. */
  constructor(
    budget: Budget,
    reductions: Reductions,
    ranks: readonly Float64Array[],
    sizes: SearchSizes = SEARCH_SIZES,
  ) {
    this.#budget = budget;
    this.#reductions = reductions;
    this.#sizes = sizes;
    this.#ranks = ranks;
  }

  decide(problem: Problem): Found {
    for (const ranks of this.#ranks) {
      const guide = guideByRank(problem.part, ranks);
      const found = guide === null ? null : new GuidedWalk(problem, guide).run(this.#budget);
      if (found !== null) return found;
    }
    const unique = this.#reductions.uniqueValues ? UniqueValues.of(problem) : null;
    const found = unique?.decide(this.#budget) ?? null;
    if (found !== null) return found;
    const gone = this.#reductions.staleReads ? firstStaleRead(problem) : NEVER;
    return this.#search(problem, Math.min(gone, unique?.wrongAt ?? NEVER));
  }

  /** Searches up to an event that is wrong for certain: something may be wrong before that. */
  #search(problem: Problem, wrongAt: number): Found {
    if (this.#frontier === null) {
      this.#frontier = new FrontierSearch(problem, this.#budget, this.#reductions, this.#sizes);
    } else this.#frontier.load(problem);
    const frontier = this.#frontier;
    const before = frontier.explored;
    const found = frontier.run(Math.min(wrongAt, problem.part.events.length));
    this.explored += frontier.explored - before;
    // What filled the memory must not stand in the way of the next part.
    if (found.kind === "unknown") this.#frontier = null;
    // What could not be found out in time is whether it is wrong even before.
    if (found.kind === "no" || wrongAt === NEVER) return found;
    return { kind: "no", event: wrongAt, open: openAt(problem.part, wrongAt) };
  }
}
