import { defaultPortfolio, parseStrategy, type Strategy } from "../sim/index.ts";
import { createPrng, optionNames, refuseUnknownOptions } from "../task/index.ts";
import { type Bug, BUGS } from "./bugs/index.ts";
import { huntingScenario } from "./hunt.ts";
import { scenarioOfBug } from "./program/index.ts";

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

/**
 * Hunts every bug of the bank on its own scenario with every strategy, from several seeds, and
 * counts the schedules to the first finding. Ends early, without the rows that are left, if it is
 * to stop.
 */
export function* matrix(options: MatrixOptions): Generator<MatrixNews, void, void> {
  refuseUnknownOptions("a matrix", options, OPTION_NAMES);
  const bugs = (options.bugs ?? BUGS).filter(({ kind }) => kind === "bug");
  const perRow = MATRIX_STRATEGIES.reduce((sum, name) => sum + seedsOf(name, options), 0);
  const huntsMax = perRow * bugs.length;
  let hunts = 0;
  for (const bug of bugs) {
    const cells: MatrixCell[] = [];
    for (const strategy of MATRIX_STRATEGIES) {
      const cell = yield* cellOf(bug, strategy, options, (done) => ({
        kind: "progress",
        hunts: hunts + done,
        huntsMax,
      }));
      if (cell === null) return;
      hunts += cell.hunts;
      cells.push(cell);
    }
    yield { kind: "row", row: { id: bug.id, cells } };
  }
}

/** Null if it was to stop. */
function* cellOf(
  bug: Bug,
  strategy: string,
  options: MatrixOptions,
  progress: (hunts: number) => MatrixNews,
): Generator<MatrixNews, MatrixCell | null, void> {
  const hunts = seedsOf(strategy, options);
  let found = 0;
  let schedules = 0;
  for (let seed = 0; seed < hunts; seed++) {
    const hunting = huntingScenario(scenarioOfBug(bug), {
      seed: `${options.seed}/${seed}`,
      runsMax: options.runsMax,
      strategies: (one) => strategiesNamed(strategy, one),
      shrink: null,
      ...(options.shouldStop === undefined ? {} : { shouldStop: options.shouldStop }),
    });
    let next = hunting.next();
    for (; next.done !== true; next = hunting.next()) yield progress(seed);
    const { verdict } = next.value;
    if (verdict.interrupted) return null;
    schedules += verdict.finding?.runs ?? verdict.runs;
    if (verdict.finding !== null) found++;
    yield progress(seed + 1);
  }
  const mean = found === 0 ? null : schedules / found;
  return { strategy, hunts, found, schedules, mean };
}

/** Depth-first search does the same whatever the seed. */
function seedsOf(strategy: string, { seeds }: MatrixOptions): number {
  return strategy === DEPTH_FIRST ? 1 : seeds;
}

function strategiesNamed(name: string, seed: string): Strategy[] {
  if (name === "portfolio") return defaultPortfolio(seed);
  return [parseStrategy(name, createPrng(`${seed}/${name}`))];
}
