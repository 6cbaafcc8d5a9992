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
}

const CLEAN: CheckReport = Object.freeze({ ok: true, problems: Object.freeze([]) });
const MOST_PROBLEMS = 100;

/** The problems of one check. It costs nothing while there is none. */
export class ProblemList {
  #lines: string[] | null = null;

  clear(): void {
    this.#lines = null;
  }

  add(id: PageId, problem: string): void {
    this.#lines ??= [];
    if (this.#lines.length < MOST_PROBLEMS) this.#lines.push(`page ${id}: ${problem}`);
  }

  report(): CheckReport {
    return this.#lines === null ? CLEAN : { ok: false, problems: this.#lines };
  }
}

/** Says what is wrong with a sibling link. */
export function linkProblem(side: string, found: PageId, expected: PageId): string {
  return `its ${side} sibling is ${nameOf(found)}, not ${nameOf(expected)}`;
}

/** Says what is wrong with a page that has other flags than a page at rest may have. */
export function flagProblem(flags: number): string {
  if ((flags & HALF_DEAD_FLAG) !== 0) return "it is half dead";
  if ((flags & INCOMPLETE_SPLIT_FLAG) !== 0) return "its split is incomplete";
  if ((flags & UNLINKED_FLAG) !== 0) return "it is marked as unlinked";
  return `it has unknown flags ${flags}`;
}

function nameOf(id: PageId): string {
  return id === NO_PAGE ? "none" : `page ${id}`;
}
