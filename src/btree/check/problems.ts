import {
  HALF_DEAD_FLAG,
  INCOMPLETE_SPLIT_FLAG,
  UNLINKED_FLAG,
  NO_PAGE,
  type PageId,
} from "../../storage/index.ts";

/** What a check of a tree at rest found. */
export interface CheckReport {
  readonly ok: boolean;
  /** One line for each problem, `page 7: key 3 is not below key 4`; at most 100. */
  readonly problems: readonly string[];
  /** The same in two parts; left out if there are none. */
  readonly found?: readonly PageProblem[];
}

/** What is wrong with one page. */
export interface PageProblem {
  readonly page: PageId;
  /** In words that go after the page's name: `key 3 is not below key 4`. */
  readonly what: string;
}

const CLEAN: CheckReport = Object.freeze({ ok: true, problems: Object.freeze([]) });
const MOST_PROBLEMS = 100;

/** The problems of one check. It costs nothing while there is none. */
export class ProblemList {
  #found: PageProblem[] | null = null;

  clear(): void {
    this.#found = null;
  }

  add(page: PageId, what: string): void {
    this.#found ??= [];
    if (this.#found.length < MOST_PROBLEMS) this.#found.push({ page, what });
  }

  report(): CheckReport {
    const found = this.#found;
    if (found === null) return CLEAN;
    const problems = found.map(({ page, what }) => `page ${page}: ${what}`);
    return { ok: false, problems, found };
  }
}

/** What is wrong with a sibling link. */
export function linkProblem(side: string, found: PageId, expected: PageId): string {
  return `its ${side} sibling is ${nameOf(found)}, not ${nameOf(expected)}`;
}

/** What is wrong with a page that has other flags than a page at rest may have. */
export function flagProblem(flags: number): string {
  if ((flags & HALF_DEAD_FLAG) !== 0) return "it is half dead";
  if ((flags & INCOMPLETE_SPLIT_FLAG) !== 0) return "its split is incomplete";
  if ((flags & UNLINKED_FLAG) !== 0) return "it is marked as unlinked";
  return `it has unknown flags ${flags}`;
}

function nameOf(id: PageId): string {
  return id === NO_PAGE ? "none" : `page ${id}`;
}
