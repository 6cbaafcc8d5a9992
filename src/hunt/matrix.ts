import { optionNames, refuseUnknownOptions } from "../task/index.ts";
import { type Bug, BUGS } from "./bugs/index.ts";
import type { HuntResult } from "./hunt.ts";
import { huntingPlan, type HuntPlan } from "./plan.ts";
import { scenarioOfBug } from "./program/index.ts";
import type { Scenario } from "./scenario/index.ts";

const DEPTH_FIRST = "dfs:2";

/** What is compared: the portfolio, and each strategy by itself. */
export const MATRIX_STRATEGIES: readonly string[] = [
  "portfolio",
  DEPTH_FIRST,
  "random",
  "pct2",
  "pct3",
  "pos",
  "urw",
  "surw",
  "surw:object",
  "surw:writes",
  "swarm",
  "feedback",
];

/** How a matrix is made. */
export interface MatrixOptions {
  readonly seed: string | number;
  /** Hunts for each bug and strategy; those without anything random need only one. */
  readonly seeds: number;
  /** Most schedules of a hunt. */
  readonly runsMax: number;
  /** Default: all planted bugs. Decoys are left out, for there is nothing to find. */
  readonly bugs?: readonly Bug[];
  readonly shouldStop?: () => boolean;
}

const OPTION_NAMES = optionNames<MatrixOptions>({
  seed: true,
  seeds: true,
  runsMax: true,
  bugs: true,
  shouldStop: true,
});

/** How many schedules a strategy needs for a bug. */
export interface MatrixCell {
  readonly strategy: string;
  readonly hunts: number;
  /** Hunts that found it. */
  readonly found: number;
  /** Schedules run, in all hunts together. */
  readonly schedules: number;
  /**
   * What one finding costs: schedules by findings, those of the hunts that found nothing included.
   * The mean of how long one has to hunt, if each schedule is as good as any other. Null if nothing
   * was found.
   */
  readonly mean: number | null;
}

/** A bug, under each strategy. */
export interface MatrixRow {
  readonly id: string;
  readonly cells: readonly MatrixCell[];
}

/** How a matrix gets on: hunts that are over, out of so many, and each row once it is done. */
export type MatrixNews =
  | { readonly kind: "progress"; readonly hunts: number; readonly huntsMax: number }
  | { readonly kind: "row"; readonly row: MatrixRow };

/** One row of a matrix to be: its hunts, one strategy after the other, and what they come to. */
export interface MatrixPlan {
  readonly id: string;
  readonly hunts: readonly HuntPlan[];
  /** The row, by the results of all hunts. */
  readonly rowOf: (results: readonly HuntResult[]) => MatrixRow;
}

/**
 * Plans a matrix: hunts every bug of the bank on its own scenario with every strategy, from several
 * seeds, to count the schedules to the first finding.
 */
export function matrixPlans(options: MatrixOptions): MatrixPlan[] {
  refuseUnknownOptions("a matrix", options, OPTION_NAMES);
  const bugs = (options.bugs ?? BUGS).filter(({ kind }) => kind === "bug");
  return bugs.map((bug) => {
    const scenario = scenarioOfBug(bug);
    const hunts = MATRIX_STRATEGIES.map((strategy) => huntsOf(scenario, strategy, options));
    const rowOf = (results: readonly HuntResult[]): MatrixRow => {
      let from = 0;
      const cells = MATRIX_STRATEGIES.map((strategy, i) => {
        const count = hunts[i]?.length ?? 0;
        from += count;
        return cellOf(strategy, results.slice(from - count, from));
      });
      return { id: bug.id, cells };
    };
    return { id: bug.id, hunts: hunts.flat(), rowOf };
  });
}

/**
 * Makes the matrix that {@link matrixPlans} plans. Ends early, without the rows that are left, if
 * it is to stop.
 */
export function* matrix(options: MatrixOptions): Generator<MatrixNews, void, void> {
  const { shouldStop } = options;
  const help = { protocols: [], ...(shouldStop === undefined ? {} : { shouldStop }) };
  const plans = matrixPlans(options);
  const huntsMax = plans.reduce((sum, { hunts }) => sum + hunts.length, 0);
  let done = 0;
  for (const { hunts, rowOf } of plans) {
    const results: HuntResult[] = [];
    for (const plan of hunts) {
      const hunting = huntingPlan(plan, help);
      let next = hunting.next();
      for (; next.done !== true; next = hunting.next()) {
        yield { kind: "progress", hunts: done, huntsMax };
      }
      if (next.value.verdict.interrupted) return;
      results.push(next.value);
      yield { kind: "progress", hunts: ++done, huntsMax };
    }
    yield { kind: "row", row: rowOf(results) };
  }
}

/** Depth-first search does the same whatever the seed. */
function huntsOf(
  scenario: Scenario,
  strategy: string,
  { seed, seeds, runsMax }: MatrixOptions,
): HuntPlan[] {
  const count = strategy === DEPTH_FIRST ? 1 : seeds;
  return Array.from({ length: count }, (_, i) => {
    const strategies = [strategy];
    const how = { runsMax, strategies, shrink: null, checkDeterminism: false };
    return { kind: "scenario", scenario, setting: { ...how, seed: `${seed}/${i}` } };
  });
}

function cellOf(strategy: string, results: readonly HuntResult[]): MatrixCell {
  const hunts = results.length;
  const found = results.filter(({ verdict }) => verdict.finding !== null).length;
  const schedules = results.reduce(
    (sum, { verdict: { finding, runs } }) => sum + (finding?.runs ?? runs),
    0,
  );
  return { strategy, hunts, found, schedules, mean: found === 0 ? null : schedules / found };
}
