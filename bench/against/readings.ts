import type { Report } from "../harness.ts";
import { Refused } from "./command-line.ts";

/** One figure that one process printed. */
export interface Reading {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** What one process printed, and with what it can be repeated: its seed and its repeats. */
export interface Readings {
  readonly readings: readonly Reading[];
  readonly setting: string;
}

/** Reads `--json` of a benchmark: its line on standard output, and the heading on the other. */
export function readReport(stdout: string, stderr: string): Readings {
  const { rows } = parseJson(stdout) as Partial<Report>;
  if (!Array.isArray(rows)) throw new Refused(`expected rows, found ${excerpt(stdout)}`);
  const readings = (rows as Report["rows"]).map(({ name, value, unit }) => ({ name, value, unit }));
  const heading = stderr.trim().split("\n").at(-1) ?? "";
  return { readings, setting: heading.slice(heading.lastIndexOf(": ") + 1).trim() };
}

interface Timing {
  readonly kind: string;
  readonly ms: readonly number[];
}

/**
 * Reads `--case` of bench:check: milliseconds of each check. The first one is left out, for it
 * measures how fast the code is compiled, and a process has only one of them.
 */
export function readTiming(name: string, stdout: string): Reading[] {
  const { kind, ms } = parseJson(stdout) as Partial<Timing>;
  if (!Array.isArray(ms) || ms.length < 2) {
    throw new Refused(`${name}: expected times of several checks, found ${excerpt(stdout)}`);
  }
  const sorted = (ms as number[]).slice(1).toSorted((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)] ?? 0;
  // Two verdicts are two different works, so they share no row.
  return [{ name: `${name}, ${String(kind)}`, value, unit: "ms" }];
}

function parseJson(text: string): object {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === "object" && found !== null) return found;
  } catch {
    // Said below.
  }
  throw new Refused(`expected one line of JSON, found ${excerpt(text)}`);
}

function excerpt(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
