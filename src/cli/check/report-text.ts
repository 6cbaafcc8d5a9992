import { printable } from "../../task/index.ts";
import type { CheckReport, CheckRequest, Counts } from "./report.ts";
import type { SavedPictures } from "./pictures.ts";
import { folded, foldedText, lineWidth } from "../layout.ts";
import { coloured, counted, grouped } from "../output.ts";

const WORDS = {
  linearizable: coloured("green", "linearizable"),
  "not-linearizable": coloured("red", "not linearizable"),
  unknown: coloured("yellow", "unknown"),
  "bad-input": coloured("red", "bad input"),
} as const;

/** What is printed of a file: a line with the verdict, then why, then what it took. */
export function reportText(
  report: CheckReport,
  request: CheckRequest,
  { isOnly }: { readonly isOnly: boolean },
): string {
  const { file, verdict, counts, readSeconds, checkSeconds, extraSeconds } = report;
  const seconds = secondsText(readSeconds + checkSeconds + extraSeconds);
  const rules = report.rules.map((rule) => `${printable(rule)}, `).join("");
  const size = counts === null ? seconds : `${countsText(counts)}, ${rules}${seconds}`;
  const width = lineWidth();
  const lines = folded(`${file}: ${WORDS[verdict]} (${size})`, width);
  const isLong = isOnly || report.explanation !== null;
  for (const line of isLong ? report.lines : report.lines.slice(0, 1)) {
    lines.push(...folded(`  ${printable(line)}`, width));
  }
  lines.push(...report.notes.flatMap((note) => folded(`  note: ${printable(note)}`, width)));
  if (verdict === "unknown") {
    lines.push(...adviceOf(report, request).flatMap((line) => folded(`  ${line}`, width)));
  }
  if (isOnly && counts !== null) {
    lines.push(...folded(`  ${effortText(report, counts)}`, width));
  }
  for (const operation of report.witness ?? []) {
    lines.push(...folded(`  ${printable(operation.text)}`, width));
  }
  return `${lines.join("\n")}\n`;
}

function countsText({ operations, clients, keys, crashes }: Counts): string {
  return [
    counted(operations, "operation"),
    counted(clients, "client"),
    ...(keys === 0 ? [] : [counted(keys, "key")]),
    ...(crashes === 0 ? [] : [`${grouped(crashes)} ${crashes === 1 ? "crash" : "crashes"}`]),
  ].join(", ");
}

function effortText(report: CheckReport, counts: Counts): string {
  const { format, model, perKey, readSeconds, checkSeconds, extraSeconds, explored } = report;
  const isDrawn = report.html !== null || report.svg !== null;
  const done = [
    ...(report.explanation === null ? [] : ["explained"]),
    ...(isDrawn ? ["drawn"] : []),
  ];
  const extra = done.length === 0 ? "" : `; ${done.join(" and ")} in ${secondsText(extraSeconds)}`;
  const object = perKey ? `${model} per key` : model;
  return (
    `${counted(counts.events, "event")} of ${format ?? "nothing"} read in ` +
    `${secondsText(readSeconds)}; as ${object} checked in ${secondsText(checkSeconds)}, ` +
    `${counted(explored, "configuration")} explored${extra}`
  );
}

function secondsText(seconds: number): string {
  return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** What may lead to an answer. */
function adviceOf(report: CheckReport, request: CheckRequest): string[] {
  const { reason, counts, keys } = report;
  const tries: string[] = [];
  if (reason === "time") tries.push("a longer --timeout");
  if (reason === "memory" && counts !== null) {
    tries.push(`a --memory over ${grouped(request.memoryBytes / 1024 / 1024)}`);
  }
  if (reason !== "interrupted" && request.scan === "atomic" && keys.length > 1) {
    tries.push("--scan per-key, which asks less");
  }
  return tries.length === 0 ? [] : [`try ${tries.join(", or ")}`];
}

/** Where pictures were written. */
export function savedText({ html, svg }: SavedPictures): string {
  return [html, svg].map((path) => (path === null ? "" : foldedText(`  wrote ${path}\n`))).join("");
}

/** What several files come to. */
export function totalText(
  reports: readonly CheckReport[],
  untried: number,
  seconds: number,
): string {
  const parts = [counted(reports.length, "file")];
  const verdicts = [
    ["linearizable", "linearizable"],
    ["not-linearizable", "not linearizable"],
    ["unknown", "unknown"],
    ["bad-input", "no history"],
  ] as const;
  for (const [verdict, word] of verdicts) {
    const count = reports.filter((report) => report.verdict === verdict).length;
    if (count > 0) parts.push(`${grouped(count)} ${word}`);
  }
  if (untried > 0) parts.push(`${grouped(untried)} not tried`);
  return foldedText(`total: ${parts.join(", ")}, ${secondsText(seconds)}\n`);
}

/** A report as `--json` prints it: the same fields whatever the verdict. */
export function reportJson(report: CheckReport, saved: SavedPictures): object {
  const { readSeconds, checkSeconds, extraSeconds, lines, ...rest } = report;
  const seconds = { read: readSeconds, check: checkSeconds, extra: extraSeconds };
  return { ...rest, ...saved, text: lines.join("\n"), seconds };
}
