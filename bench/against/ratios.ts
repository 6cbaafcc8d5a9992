import { summarize } from "../statistics.ts";
import type { Reading } from "./readings.ts";

/** What both sides measured one after the other; a figure of only one of them is in no pair. */
export interface Pair {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  readonly here: number;
  readonly there: number;
}

/** A row of the comparison: all its pairs, summed up. */
export interface RatioRow {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  /** The medians of each side, in the row's unit. */
  readonly here: number;
  readonly there: number;
  /** How many times as fast this side is: the median over the pairs, the least, and the most. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  /** The best of this side over the best of the other: what others on the machine disturb least. */
  readonly best: number;
  readonly pairs: number;
  /** Whether the code is the same on both sides, so that 1 is expected and the rest is noise. */
  readonly isControl: boolean;
}

/** Pairs what two processes read by name, and names what only one side has. */
export function pairUp(
  bench: string,
  here: readonly Reading[],
  there: readonly Reading[],
): { readonly pairs: readonly Pair[]; readonly unpaired: readonly string[] } {
  const pairs: Pair[] = [];
  const unpaired: string[] = [];
  for (const { name, value, unit } of here) {
    const match = there.find((each) => each.name === name && each.unit === unit);
    if (match === undefined) unpaired.push(`${bench}: ${name}: only in this one`);
    // A ratio inside one process says nothing that its two parts do not say.
    else if (isTimed(unit)) pairs.push({ bench, name, unit, here: value, there: match.value });
  }
  for (const { name, unit } of there) {
    const match = here.find((each) => each.name === name && each.unit === unit);
    if (match === undefined) unpaired.push(`${bench}: ${name}: only in the other one`);
  }
  return { pairs, unpaired };
}

/** Sums pairs up row by row, in the order in which the rows first appear. O(rows x pairs). */
export function sumUp(pairs: readonly Pair[]): RatioRow[] {
  const rows = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = JSON.stringify([pair.bench, pair.name, pair.unit]);
    rows.set(key, [...(rows.get(key) ?? []), pair]);
  }
  return [...rows.values()].flatMap((row) => rowOf(row));
}

function rowOf(pairs: readonly Pair[]): RatioRow[] {
  const [first] = pairs;
  if (first === undefined) return [];
  const { bench, name, unit } = first;
  const ratios = pairs.map(ratioOf);
  const heres = pairs.map(({ here }) => here);
  const theres = pairs.map(({ there }) => there);
  return [
    {
      bench,
      name,
      unit,
      here: summarize(heres).median,
      there: summarize(theres).median,
      ratio: summarize(ratios).median,
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      best: ratioOf({ ...first, here: bestOf(unit, heres), there: bestOf(unit, theres) }),
      pairs: pairs.length,
      isControl: isControl(name),
    },
  ];
}

/** Taken within a pair, so that a machine that slows down between two slows both sides. */
function ratioOf({ unit, here, there }: Pair): number {
  return isRate(unit) ? here / there : there / here;
}

function bestOf(unit: string, values: readonly number[]): number {
  return isRate(unit) ? Math.max(...values) : Math.min(...values);
}

function isRate(unit: string): boolean {
  return unit.endsWith("/s");
}

function isTimed(unit: string): boolean {
  return isRate(unit) || unit === "ns" || unit === "us" || unit === "ms" || unit === "s";
}

/** The code that a benchmark brings along to measure against. */
function isControl(name: string): boolean {
  return name.endsWith(": bare loop") || name.endsWith(", lmdb");
}

/** The rows whose ratio is under what was asked; controls are not judged. */
export function rowsUnder(rows: readonly RatioRow[], least: number): RatioRow[] {
  return rows.filter(({ ratio, isControl: control }) => !control && ratio < least);
}
