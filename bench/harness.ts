/**
 * What every `npm run bench:*` shares: rows, their table or JSON, and honest ratios.
 *
 * A benchmark opens one `Bench`, adds a measurement for each claim, and finishes:
 *
 *     const bench = new Bench("latch coupling against one mutex", { seed: 7, repeats: 9 });
 *     const { ratio } = await measureRatio(coupled, mutexed, 9);
 *     bench.add({ name: "writes", ...ofSummary(ratio, "x"), target: { atLeast: 3 } });
 *     bench.finish();
 *
 * With `--json` standard output holds one line of JSON and nothing else. Seed and repeats then go
 * to standard error, so that a run can be repeated while its output stays readable by programs.
 */
import { commitName, machineLine } from "./origin.ts";
import { type Summary, summarize } from "./statistics.ts";

/** What a value has to reach to support its claim. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** One measured value, as a benchmark states it. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly spread: number;
  readonly target?: Target;
}

/** One line of a report. `target` and `met` are null when nothing is claimed. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly spread: number;
  readonly target: number | null;
  readonly met: boolean | null;
}

/** What `--json` prints, with exactly these keys. */
export interface Report {
  readonly machine: string;
  readonly commit: string;
  readonly rows: readonly Row[];
}

/** What repeats a run. */
export interface Setting {
  readonly seed: number;
  readonly repeats: number;
}

/** Collects the rows of one benchmark and prints them once. */
export class Bench {
  readonly #title: string;
  readonly #setting: Setting;
  readonly #measurements: Measurement[] = [];

  constructor(title: string, setting: Setting) {
    this.#title = title;
    this.#setting = setting;
  }

  /** Adds a row. Requires: value and spread are finite, for JSON knows no others. */
  add(measurement: Measurement): void {
    const { name, value, spread } = measurement;
    if (!Number.isFinite(value) || !Number.isFinite(spread)) {
      throw new Error(`row ${name}: expected finite numbers, found ${value} and ${spread}`);
    }
    this.#measurements.push(measurement);
  }

  /** States machine, commit and rows, in the order in which they were added. */
  report(): Report {
    const rows = this.#measurements.map(rowOf);
    return { machine: machineLine(), commit: commitName(), rows };
  }

  /** Prints JSON if the words ask for it, or else a table for people. */
  finish(words: readonly string[] = process.argv.slice(2)): void {
    const report = this.report();
    const { seed, repeats } = this.#setting;
    const heading = `${this.#title}: seed ${seed}, ${repeats} repeats`;
    if (words.includes("--json")) {
      console.error(heading);
      console.log(JSON.stringify(report));
      return;
    }
    const origin = `${report.machine}\ncommit ${report.commit}`;
    console.log(`${heading}\n${origin}\n\n${renderTable(this.#measurements)}`);
  }
}

/** Turns a measurement into its row, and judges it. */
export function rowOf({ name, value, unit, spread, target }: Measurement): Row {
  if (target === undefined) return { name, value, unit, spread, target: null, met: null };
  const bound = "atLeast" in target ? target.atLeast : target.atMost;
  const met = "atLeast" in target ? value >= bound : value <= bound;
  return { name, value, unit, spread, target: bound, met };
}

/** Names a summary's parts as a measurement does. */
export function ofSummary(
  { median, spread }: Summary,
  unit: string,
): Pick<Measurement, "value" | "unit" | "spread"> {
  return { value: median, unit, spread };
}

/** One timed piece of work: returns what it measured, for example operations a second. */
export type Sample = () => number | Promise<number>;

/** Two competitors and the ratio between them, each summed up over the repeats. */
export interface Comparison {
  readonly a: Summary;
  readonly b: Summary;
  readonly ratio: Summary;
}

/**
 * Measures a against b in turn, A B A B, and sums up each and the ratio a / b.
 *
 * The ratio is taken within each pair, so that a machine that slows down halfway slows both.
 * Requires: both have been warmed up; b never measures 0.
 */
export async function measureRatio(a: Sample, b: Sample, repeats: number): Promise<Comparison> {
  const pairs: { readonly a: number; readonly b: number }[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    pairs.push({ a: await a(), b: await b() });
  }
  return {
    a: summarize(pairs.map((pair) => pair.a)),
    b: summarize(pairs.map((pair) => pair.b)),
    ratio: summarize(pairs.map((pair) => pair.a / pair.b)),
  };
}

/** Lines the rows up in columns: name, value, spread, unit, target, met. */
export function renderTable(measurements: readonly Measurement[]): string {
  const head = ["name", "value", "spread", "unit", "target", "met"];
  const cells = [head, ...measurements.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

function cellsOf(measurement: Measurement): string[] {
  const { name, value, unit, spread, target, met } = rowOf(measurement);
  const sign = measurement.target !== undefined && "atMost" in measurement.target ? "<=" : ">=";
  const claim = target === null ? "" : `${sign} ${readable(target)}`;
  const verdict = met === null ? "" : met ? "yes" : "NO";
  return [name, readable(value), `±${readable(spread)}`, unit, claim, verdict];
}

/** Numbers stand right, under their last digit; words stand left. */
function pad(cell: string, width: number, column: number): string {
  return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
}

function readable(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
