import type { LatencyFigures, StressReport } from "../stress/index.ts";
import { printable } from "../task/index.ts";
import { coloured, counted, grouped } from "./output.ts";

const PROBLEMS_SHOWN = 20;

/** What came of a stress run, in words. */
export function stressText(url: string, report: StressReport, record: string | null): string {
  const { answered, seconds, rate, problems } = report;
  const head = problems.length === 0 ? coloured("green", "held") : coloured("red", "failed");
  const lines = [
    `${head}: ${printable(url)}, ${counted(answered, "request")} answered in ` +
      `${seconds.toFixed(1)} s, ${grouped(rate)} a second`,
    ...latencyLines(report),
    `  statuses: ${statusText(report)}`,
    ...brokenLines(report),
    readBackLine(report),
    ...problems.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${problem}`),
  ];
  const more = problems.length - PROBLEMS_SHOWN;
  if (more > 0) lines.push(`  and ${counted(more, "problem")} more`);
  if (record !== null) {
    const scans = report.byKind.scan === undefined ? "" : " --scan per-key";
    const name = printable(record);
    lines.push(`wrote ${name}, ${counted(report.events, "event")}; next:`);
    lines.push(`  latchwork check ${name} --model kv${scans}`);
  }
  return `${lines.join("\n")}\n`;
}

function readBackLine({ verified, lost }: StressReport): string {
  return `  read back at the end: ${counted(verified, "key")}, ${grouped(lost.length)} wrong`;
}

function latencyLines({ byKind, all }: StressReport): string[] {
  const rows = [...Object.entries(byKind), ["all", all] as const];
  return rows.map(([name, figures]) => `  ${name}: ${latencyText(figures)}`);
}

function latencyText({ count, p50, p99, max }: LatencyFigures): string {
  return `${grouped(count)}, p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(max)}`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function statusText({ statuses }: StressReport): string {
  const parts = Object.entries(statuses).map(([status, count]) => `${status}: ${grouped(count)}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

function brokenLines({ busy, broken, unsent }: StressReport): string[] {
  if (busy + broken + unsent === 0) return [];
  return [
    `  too much for the server (429): ${grouped(busy)}; broken off: ${grouped(broken)}; ` +
      `not sent, for want of a connection: ${grouped(unsent)}`,
  ];
}
