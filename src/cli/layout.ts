/** Narrower than this nothing can be set so that it is read. */
export const WIDTH_LEAST = 40;
const WIDTH_USUAL = 80;

let asked: number | null = null;

/** Sets for the whole run how wide a line may be, whatever the terminal; null for as it comes. */
export function askWidth(columns: number | null): void {
  asked = columns;
}

/**
 * Columns within which lines are kept: what was asked for by option or by the variable `COLUMNS`,
 * else those of the terminal. No bound at all in files and pipes, where a line is a unit.
 */
export function lineWidth(): number {
  return asked ?? columnsOf(process.env["COLUMNS"]) ?? terminalColumns() ?? Infinity;
}

/** The same for what must be set in some width: as if a file were a terminal of the usual one. */
export function textWidth(): number {
  const width = lineWidth();
  return width === Infinity ? WIDTH_USUAL : width;
}

function columnsOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,5}$/.test(text) || Number(text) === 0) return null;
  return Math.max(WIDTH_LEAST, Number(text));
}

function terminalColumns(): number | null {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? Math.max(WIDTH_LEAST, columns) : null;
}

/** Breaks a line at blanks, so that no part but a long word is wider; parts hang by two. */
export function folded(line: string, width: number): string[] {
  const indent = line.slice(0, line.length - line.trimStart().length);
  const hang = `${indent}  `;
  const parts: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const margin = parts.length === 0 ? indent.length : hang.length;
    const last = rest.lastIndexOf(" ", width);
    const at = last > margin ? last : rest.indexOf(" ", Math.max(width, margin));
    if (at < 0) break;
    parts.push(rest.slice(0, at));
    rest = hang + rest.slice(at + 1);
  }
  return [...parts, rest];
}

/** Breaks each line of a text that is too wide. */
export function foldedText(text: string, width: number = lineWidth()): string {
  return text
    .split("\n")
    .flatMap((line) => folded(line, width))
    .join("\n");
}

/** A text set within the terminal; its lines do not hang. */
export function paragraph(text: string): string {
  const lines = text.split("\n").flatMap((line) => folded(line, textWidth()));
  return lines.map((line) => line.trimStart()).join("\n");
}

const GAP = "  ";
/** By so much a row that is too wide goes on further in on its next line. */
const HANG = "  ";
/** Narrower than this a column of words is not made, however narrow the terminal is. */
const FLEXIBLE_LEAST = 16;

/** How a table is set. */
export interface TableLayout {
  /** Columns, by their index, that align right. */
  readonly right?: readonly number[];
  /** Columns whose entries may be broken where the table would be too wide. */
  readonly flexible?: readonly number[];
  /** Default {@link lineWidth}. */
  readonly width?: number;
}

/**
 * Sets rows in columns, each as wide as its widest entry if that can be. Where not even the least
 * is, each row goes on in the next line.
 */
export function table(rows: readonly (readonly string[])[], layout: TableLayout = {}): string {
  const { right = [], flexible = [], width = lineWidth() } = layout;
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  const least = widths.map((one, i) =>
    flexible.includes(i) ? Math.min(one, FLEXIBLE_LEAST) : one,
  );
  const parts = partsOf(least, width).map(({ from, to, hang }) => ({
    from,
    to,
    hang,
    layout: { right: within(right, from, to), flexible: within(flexible, from, to) },
    widths: narrow(widths.slice(from, to), within(flexible, from, to), width - hang.length),
  }));
  const setPart = (row: readonly string[], part: (typeof parts)[number]): string =>
    hanging(brokenRow(row.slice(part.from, part.to), part.widths, part.layout), part.hang);
  return rows.map((row) => parts.map((part) => setPart(row, part)).join("")).join("");
}

/** Some of the columns, which have a line of their own. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly hang: string;
}

/** Divides columns of these widths among as few lines as will do. */
function partsOf(widths: readonly number[], width: number): readonly Part[] {
  const starts = [0];
  let at = 0;
  widths.forEach((one, i) => {
    if (at > 0 && at + one > width) {
      starts.push(i);
      at = HANG.length;
    }
    at += one + GAP.length;
  });
  return starts.map((from, i) => ({
    from,
    to: starts[i + 1] ?? widths.length,
    hang: i === 0 ? "" : HANG,
  }));
}

function within(columns: readonly number[], from: number, to: number): readonly number[] {
  return columns.filter((i) => i >= from && i < to).map((i) => i - from);
}

/** Lines further in by so much; of a part in which a row has nothing, none. */
function hanging(lines: string, hang: string): string {
  if (hang === "") return lines;
  return lines.replaceAll(/^\n/gm, "").replaceAll(/^(?=.)/gm, hang);
}

/** Makes the flexible columns narrower, the widest first, until the table fits. */
function narrow(
  widths: readonly number[],
  flexible: readonly number[],
  width: number,
): readonly number[] {
  const narrowed = [...widths];
  const total = (): number => narrowed.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
  for (let over = total() - width; over > 0 && over < Infinity; over = total() - width) {
    const widest = flexible.toSorted((i, j) => (narrowed[j] ?? 0) - (narrowed[i] ?? 0))[0];
    if (widest === undefined || (narrowed[widest] ?? 0) <= FLEXIBLE_LEAST) break;
    narrowed[widest] = (narrowed[widest] ?? 0) - 1;
  }
  return narrowed;
}

/** A row as so many lines as its highest entry needs. */
function brokenRow(
  row: readonly string[],
  widths: readonly number[],
  { right, flexible }: Required<Pick<TableLayout, "right" | "flexible">>,
): string {
  const cells = row.map((cell, i) =>
    flexible.includes(i) ? folded(cell, widths[i] ?? 0) : [cell],
  );
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) =>
    lineText(
      cells.map((lines) => lines[i] ?? ""),
      widths,
      right,
    ),
  ).join("");
}

/** One row of a table whose rows come one by one: on a line of its own, or more where it must. */
export function rowText(
  row: readonly string[],
  widths: readonly number[],
  right: readonly number[],
): string {
  const parts = partsOf(widths, lineWidth()).map(({ from, to, hang }) =>
    hanging(lineText(row.slice(from, to), widths.slice(from, to), within(right, from, to)), hang),
  );
  return parts.join("");
}

function lineText(
  row: readonly string[],
  widths: readonly number[],
  right: readonly number[],
): string {
  const cells = row.map((cell, i) =>
    right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
  );
  return `${cells.join(GAP).trimEnd()}\n`;
}
