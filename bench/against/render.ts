import type { ClockName } from "./command-line.ts";
import type { RatioRow } from "./ratios.ts";
import type { Side } from "./sides.ts";

/** Everything that a comparison came to. */
export interface Outcome {
  readonly machine: string;
  readonly here: Pick<Side, "commit" | "changed">;
  readonly there: Pick<Side, "commit" | "changed">;
  readonly rows: readonly RatioRow[];
  /** Seed and repeats of each benchmark, by its name. */
  readonly settings: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly roundsAsked: number;
  readonly clock: ClockName;
  readonly isInterrupted: boolean;
}

/** One line of JSON, with exactly these keys. */
export function renderJson({ here, there, rows, settings, ...others }: Outcome): string {
  const { machine, notes, roundsAsked, clock, isInterrupted } = others;
  return JSON.stringify({
    machine,
    this: { commit: here.commit, changed: here.changed },
    other: { commit: there.commit },
    rounds: roundsAsked,
    clock,
    interrupted: isInterrupted,
    settings: Object.fromEntries(settings),
    rows: rows.map(({ here: value, there: otherValue, isControl, ...row }) => ({
      ...row,
      this: value,
      other: otherValue,
      control: isControl,
    })),
    notes,
  });
}

/** A table for people. */
export function renderTable(outcome: Outcome): string {
  const { machine, here, there, rows, settings, notes, isInterrupted } = outcome;
  const lines = [`this   ${nameOf(here)}`, `other  ${nameOf(there)}`, machine, howOf(outcome)];
  if (isInterrupted) lines.push("interrupted: these are the pairs that were complete");
  const own = rows.filter((row) => !row.isControl);
  const groups = [...new Set(own.map(({ bench }) => bench))];
  const widths = widthsOf(rows.map(cellsOf));
  for (const bench of groups) {
    lines.push("", `${bench}: ${settings.get(bench) ?? ""}`, lineOf(HEAD, widths));
    lines.push(...own.filter((row) => row.bench === bench).map((row) => render(row, widths)));
  }
  const controls = rows.filter((row) => row.isControl);
  if (controls.length > 0) {
    lines.push("", "the same code on both sides, so what is not 1 is noise", lineOf(HEAD, widths));
    lines.push(...controls.map((row) => render(row, widths)));
  }
  if (rows.length === 0) lines.push("", "no pair is complete");
  if (notes.length > 0) lines.push("", ...notes.map((note) => `note: ${note}`));
  return lines.join("\n");
}

function howOf({ roundsAsked, clock }: Outcome): string {
  const rounds = roundsAsked === 1 ? "1 round" : `${roundsAsked} rounds`;
  const time = clock === "wall" ? "time on the wall" : "time on a processor";
  return `${rounds}, ${time}; ratio: how many times as fast this one is, by the median pair`;
}

function nameOf({ commit, changed }: Outcome["here"]): string {
  const files = changed === 1 ? "1 file" : `${changed} files`;
  return changed === 0 ? commit : `${commit}, and ${files} changed since`;
}

const HEAD = ["", "this", "other", "unit", "ratio", "min..max", "best", "pairs", ""];
/** Columns whose words stand left. */
const LEFT: ReadonlySet<number> = new Set([0, 3, 8]);

function cellsOf({ name, here, there, unit, ratio, min, max, best, pairs }: RatioRow): string[] {
  const range = `${fixed(min)}..${fixed(max)}`;
  const cells = [name, figure(here), figure(there), unit, fixed(ratio), range];
  return [...cells, fixed(best), String(pairs), wordOf(min, max, pairs)];
}

/** Says what all pairs agree on; two sides that are equally fast seldom agree three times. */
function wordOf(min: number, max: number, pairs: number): string {
  if (pairs < 3) return "";
  if (max < 1) return "slower in each pair";
  return min > 1 ? "faster in each pair" : "";
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return HEAD.map((word, at) =>
    Math.max(word.length, ...rows.map((cells) => cells[at]?.length ?? 0)),
  );
}

function render(row: RatioRow, widths: readonly number[]): string {
  return lineOf(cellsOf(row), widths);
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, at) => {
    const width = widths[at] ?? 0;
    return LEFT.has(at) ? cell.padEnd(width) : cell.padStart(width);
  });
  return `  ${padded.join("  ")}`.trimEnd();
}

function figure(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}

function fixed(ratio: number): string {
  return ratio.toFixed(3);
}
