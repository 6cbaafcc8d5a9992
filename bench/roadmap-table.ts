import { type Combination, nameOf } from "./roadmap-ways.ts";

/** Entries in the tree at the end. */
export const KEYS = 200_000;
export const QUARTERS = 4;
export const WRITERS = 64;
export const KEY_BYTES = 16;
export const VALUE_BYTES = 100;

/** What was measured while the tree grew by a quarter of its keys. */
export interface Quarter {
  /** Writes acknowledged in the time measured. */
  readonly writes: number;
  readonly writesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a run in real time did meanwhile: what its figures come from. */
export interface Causes {
  /** Writes acknowledged for each sync of a log. */
  readonly writesASync: number;
  /** How much of the time the main thread had something to do: a share. */
  readonly busy: number;
}

/** A combination and its four quarters. */
export interface Growth {
  readonly combination: Combination;
  readonly quarters: readonly Quarter[];
  readonly errors: number;
  /** Absent in virtual time, where computing takes none. */
  readonly causes?: Causes;
}

/** Sums up a quarter. Latencies in milliseconds, in any order; sorts them. */
export function quarterOf(latenciesMs: number[], tookMs: number): Quarter {
  latenciesMs.sort((a, b) => a - b);
  const writes = latenciesMs.length;
  return {
    writes,
    writesPerSecond: (writes / tookMs) * 1000,
    p50Ms: rank(latenciesMs, 0.5),
    p99Ms: rank(latenciesMs, 0.99),
  };
}

/** The nearest rank, as tail latencies are usually stated; 0 if there is none. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Writes a second over all quarters, each counted alike. */
export function meanRate({ quarters }: Growth): number {
  const total = quarters.reduce((sum, { writesPerSecond }) => sum + writesPerSecond, 0);
  return total / quarters.length;
}

/** How much longer a write takes in the middle of the last quarter than in that of the first. */
export function slowdown({ quarters }: Growth): number {
  return (quarters.at(-1)?.p50Ms ?? 0) / (quarters[0]?.p50Ms ?? Number.NaN);
}

const LEFT = "ways, commit policy";

/** The table as the roadmap asks for it; the baseline is the first of `growths`. */
export function renderGrowths(growths: readonly Growth[]): string {
  const [first] = growths;
  const base = first === undefined ? Number.NaN : meanRate(first);
  const numbers = ["q1", "q2", "q3", "q4"];
  const over = (what: string): string[] => numbers.map((_, i) => (i === 0 ? what : ""));
  const hasCauses = growths.some(({ causes }) => causes !== undefined);
  const right = hasCauses ? ["writes/sync", "busy"] : [];
  const rows = [
    [
      LEFT,
      ...["writes/s", "p50 ms", "p99 ms"].flatMap(over),
      "x base",
      "p50 4/1",
      "errors",
      ...right,
    ],
    ["", ...numbers, ...numbers, ...numbers, "", "", "", ...right.map(() => "")],
    ...growths.map((growth) => rowOf(growth, base)),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((cell, i) => pad(cell, widths[i] ?? 0, i)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

function rowOf(growth: Growth, base: number): string[] {
  const { combination, quarters, errors, causes } = growth;
  return [
    nameOf(combination),
    ...quarters.map(({ writesPerSecond }) => whole(writesPerSecond)),
    ...quarters.map(({ p50Ms }) => milliseconds(p50Ms)),
    ...quarters.map(({ p99Ms }) => milliseconds(p99Ms)),
    (meanRate(growth) / base).toFixed(1),
    slowdown(growth).toFixed(2),
    String(errors),
    ...(causes === undefined
      ? []
      : [causes.writesASync.toFixed(1), `${Math.round(causes.busy * 100)} %`]),
  ];
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
