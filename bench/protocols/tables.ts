import { IN_FLIGHT } from "./real-time.ts";
import type { RealFigures } from "./run-real-time.ts";
import { CORES_SHOWN, type Measured, type StudyName } from "./studies.ts";

/** Real time, load by load, with the interquartile range of the ratios. */
export function realTablesOf(figures: readonly RealFigures[]): string {
  const head = ["protocol", "ops/s", "p50 ms", "p99 ms", "x the first", "spread"];
  return unique(figures.map(({ load }) => load))
    .map((load) => {
      const lines = figures
        .filter((row) => row.load === load)
        .map(({ protocol, perSecond, p50Ms, p99Ms, ratio }) => [
          protocol,
          String(Math.round(perSecond.median)),
          p50Ms.median.toFixed(3),
          p99Ms.median.toFixed(3),
          ratio.median.toFixed(2),
          `±${ratio.spread.toFixed(2)}`,
        ]);
      return renderMarkdown({ title: `${load}; real time, ${IN_FLIGHT} in flight`, head, lines });
    })
    .join("\n\n");
}

/** A table in Markdown, under a line that says what it is of. */
interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

type Make = (title: string, rows: readonly Measured[]) => Table;

const STUDY_TITLES: Readonly<Record<StudyName, string>> = {
  cores: "in memory",
  sync: "a put waits for a sync of 0.15 ms, 4 clients a core",
  pool: "a pool of half the pages, 4 clients a core",
  "one-core": "one core, 64 clients",
  costs: `${CORES_SHOWN} cores, in memory`,
};

/** All tables of what was measured, study by study; what was not measured is a gap. */
export function tablesOf(rows: readonly Measured[]): string {
  const tables = [
    ...perLoad(rows, "cores", coresTable),
    ...perLoad(rows, "cores", detailsTable),
    ...perLoad(rows, "sync", coresTable),
    ...perLoad(rows, "sync", detailsTable),
    ...perLoad(rows, "pool", coresTable),
    ...perLoad(rows, "pool", detailsTable),
    ...perLoad(rows, "one-core", poolTable),
    ...perLoad(rows, "costs", variantsTable),
  ];
  return tables
    .filter(({ lines }) => lines.length > 0)
    .map(renderMarkdown)
    .join("\n\n");
}

function perLoad(all: readonly Measured[], study: StudyName, make: Make): Table[] {
  const loads = new Map<string, Measured[]>();
  for (const row of all) {
    if (row.study !== study) continue;
    const { mix, keys, costs } = row.cell;
    const sync = study === "one-core" && costs.syncNs !== null ? ", a sync of 0.15 ms" : "";
    const load = `${mix.name}, ${keys} keys; ${STUDY_TITLES[study]}${sync}`;
    loads.set(load, [...(loads.get(load) ?? []), row]);
  }
  return [...loads].map(([load, rows]) => make(load, rows));
}

/** Thousands of operations a second, by protocol and number of cores. */
function coresTable(load: string, rows: readonly Measured[]): Table {
  return crossTable(
    `${load}: thousand operations a second, by cores`,
    rows,
    ({ cell }) => String(cell.cores),
    thousands,
  );
}

/** Thousands of operations a second, by protocol and size of the pool. */
function poolTable(load: string, rows: readonly Measured[]): Table {
  return crossTable(
    `${load}: thousand operations a second, by the share of the pages that the pool holds`,
    rows,
    ({ cell }) => `${cell.poolShare} %`,
    thousands,
  );
}

/** Each protocol over crabbing, by variant of the cost model. */
function variantsTable(load: string, rows: readonly Measured[]): Table {
  const protocols = unique(rows.map(({ cell }) => cell.protocol));
  const lines = unique(rows.map(({ variant }) => variant)).map((variant) => {
    const of = rows.filter((row) => row.variant === variant);
    const rate = (protocol: string): number =>
      of.find(({ cell }) => cell.protocol === protocol)?.figures.operationsPerSecond ?? 0;
    const base = rate("crabbing");
    const ratios = protocols.map((protocol) => (rate(protocol) / base).toFixed(2));
    return [variant, thousandsOf(base), ...ratios];
  });
  const title = `${load}: crabbing in thousand operations a second, and each protocol over it`;
  return { title, head: ["cost model", "crabbing, k/s", ...protocols], lines };
}

function detailsTable(load: string, rows: readonly Measured[]): Table {
  const shown = rows.filter(({ cell }) => cell.cores === CORES_SHOWN);
  const head = [
    "protocol",
    "k ops/s",
    "p50 µs",
    "p99 µs",
    "waits",
    "restarts",
    "moves right",
    "refused",
    "latches",
    "transfers",
    "held at once",
  ];
  const lines = shown.map(({ cell, figures }) => [
    cell.protocol,
    thousandsOf(figures.operationsPerSecond),
    micros(figures.p50Ns),
    micros(figures.p99Ns),
    ofOne(figures.waits),
    ofOne(figures.restarts),
    ofOne(figures.movesRight),
    ofOne(figures.refusals),
    ofOne(figures.latches),
    ofOne(figures.transfers),
    String(figures.heldMost),
  ]);
  return { title: `${load}: ${CORES_SHOWN} cores, counts an operation`, head, lines };
}

function crossTable(
  title: string,
  rows: readonly Measured[],
  columnOf: (row: Measured) => string,
  show: (row: Measured) => string,
): Table {
  const columns = unique(rows.map(columnOf));
  const lines = unique(rows.map(({ cell }) => cell.protocol)).map((protocol) => {
    const of = rows.filter(({ cell }) => cell.protocol === protocol);
    const cellAt = (column: string): string => {
      const found = of.find((row) => columnOf(row) === column);
      return found === undefined ? "" : show(found);
    };
    return [protocol, ...columns.map(cellAt)];
  });
  return { title, head: ["protocol", ...columns], lines };
}

/** Figures stand right; the first column has names. */
function renderMarkdown({ title, head, lines }: Table): string {
  const all = [head, ...lines];
  const widths = head.map((_, at) => Math.max(3, ...all.map((line) => line[at]?.length ?? 0)));
  const render = (line: readonly string[]): string =>
    `| ${line.map((text, at) => pad(text, widths[at] ?? 0, at)).join(" | ")} |`;
  const rule = widths.map((width, at) =>
    at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [`${title}:`, "", render(head), render(rule), ...lines.map(render)].join("\n");
}

function pad(text: string, width: number, column: number): string {
  return column === 0 ? text.padEnd(width) : text.padStart(width);
}

function thousands({ figures }: Measured): string {
  return thousandsOf(figures.operationsPerSecond);
}

function thousandsOf(perSecond: number): string {
  const inThousands = perSecond / 1000;
  return inThousands < 100 ? inThousands.toFixed(1) : String(Math.round(inThousands));
}

function micros(ns: number): string {
  return (ns / 1000).toFixed(ns < 100_000 ? 2 : 0);
}

function ofOne(ofThousand: number): string {
  return (ofThousand / 1000).toFixed(ofThousand < 10 ? 3 : 2);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
