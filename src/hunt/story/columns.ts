/** One row of a table: a short label, and for each column its lines. */
export interface ColumnRow {
  readonly label: string;
  readonly cells: readonly (readonly string[])[];
  /** The column that the row is about; the others say only in which state theirs are. */
  readonly acting: number;
}

const GAP = "  ";
const HANG = "  ";
const NARROWEST = 20;
const RULE = "--------";

/** How wide a table may be, and its headings. */
export interface ColumnLayout {
  readonly widthMax: number;
  /** The heading of the labels. */
  readonly label: string;
  /** For each column its name in a word, and its heading. */
  readonly names: readonly string[];
  readonly headings: readonly string[];
}

/**
 * Sets rows of cells as a table. Lines too long for their column are broken at spaces and hang by
 * two. Where columns would be too narrow to be read, rows are set below each other instead, each
 * with the name of its column.
 */
export function setInColumns(rows: readonly ColumnRow[], layout: ColumnLayout): string[] {
  const { widthMax, label, names } = layout;
  const labelWidth = Math.max(label.length, ...rows.map((row) => row.label.length));
  const head = [
    { label, cells: layout.headings.map((heading) => [heading]) },
    { label: "-".repeat(label.length), cells: names.map(() => [RULE]) },
  ];
  const all = [...head, ...rows];
  const room = roomFor(widthsOf(all, names.length), widthMax - labelWidth);
  if (room === null) return setBelow(rows, labelWidth, layout);
  const wrapped = all.map((row) => ({
    label: row.label,
    cells: row.cells.map((lines, i) => lines.flatMap((line) => wrap(line, room[i] ?? 0))),
  }));
  const widths = widthsOf(wrapped, names.length);
  return wrapped.flatMap((row) => setRow(row.label.padStart(labelWidth), row.cells, widths));
}

/** How wide each column's widest line is. */
function widthsOf(rows: readonly Pick<ColumnRow, "cells">[], columns: number): number[] {
  return Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.flatMap(({ cells }) => (cells[column] ?? []).map((line) => line.length))),
  );
}

/** Columns as wide as their text, or the widest of them narrower; null if that cannot be read. */
function roomFor(widths: readonly number[], widthMax: number): number[] | null {
  const room = [...widths];
  const total = (): number => room.reduce((sum, width) => sum + GAP.length + width, 0);
  for (let over = total() - widthMax; over > 0; over--) {
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) <= NARROWEST) return null;
    room[widest] = (room[widest] ?? 0) - 1;
  }
  return room;
}

/** One column for all, and before each row the name of the column that it is about. */
function setBelow(
  rows: readonly ColumnRow[],
  labelWidth: number,
  { widthMax, label, names, headings }: ColumnLayout,
): string[] {
  const nameWidth = Math.max(...names.map((name) => name.length));
  const room = Math.max(NARROWEST, widthMax - labelWidth - nameWidth - 2 * GAP.length);
  const widths = [nameWidth, 0];
  const body = rows.flatMap((row, i) => {
    const isMore = row.label === "" && rows[i - 1]?.acting === row.acting;
    const name = isMore ? "" : (names[row.acting] ?? "");
    const lines = (row.cells[row.acting] ?? []).flatMap((line) => wrap(line, room));
    return setRow(row.label.padStart(labelWidth), [[name], lines], widths);
  });
  return [...headings.flatMap((heading) => wrap(heading, widthMax)), "", label, ...body];
}

/** In place of a space at which a line is not broken. */
const FIRM_SPACE = "\u00a0";
const LEADING_FIRM = /^\u00a0+/;

/** Makes a text one word, which is not broken. */
export function firm(text: string): string {
  return text.replaceAll(" ", FIRM_SPACE);
}

/**
 * Breaks a line at spaces so that no part is wider than `width` where that can be had. Parts after
 * the first hang by two from the indent of the whole.
 */
export function wrap(line: string, width: number): string[] {
  const text = line.trimStart();
  const indent = line.slice(0, line.length - text.length);
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ").flatMap((one) => parted(one, width - indent.length))) {
    const before = lines.length === 0 ? indent : indent + HANG;
    if (current === "") current = before + word;
    else if (current.length + 1 + word.length <= width) current = `${current} ${word}`;
    else {
      lines.push(current);
      current = indent + HANG + word.replace(LEADING_FIRM, "");
    }
  }
  return [...lines, current].map((part) => part.replaceAll(FIRM_SPACE, " "));
}

/**
 * A word that is too long even by itself is broken at the spaces at which it should not be, and
 * if that does not do, as for a leaf of many keys, behind commas.
 */
function parted(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const parts = word.replace(LEADING_FIRM, "").split(FIRM_SPACE);
  return parts.flatMap((part) => partedAtCommas(part, width - HANG.length));
}

function partedAtCommas(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  const parts: string[] = [];
  for (const piece of word.split(/(?<=,)/)) {
    const last = parts.at(-1);
    if (last === undefined || last.length + piece.length > width) parts.push(piece);
    else parts[parts.length - 1] = last + piece;
  }
  return parts;
}

function setRow(
  label: string,
  cells: readonly (readonly string[])[],
  widths: readonly number[],
): string[] {
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => {
    const parts = widths.map((width, column) => lineAt(cells[column] ?? [], i).padEnd(width));
    const head = i === 0 ? label : " ".repeat(label.length);
    return [head, ...parts].join(GAP).trimEnd();
  });
}

/** A cell's line; a rule runs on below its end for as long as the row is high. */
function lineAt(lines: readonly string[], index: number): string {
  const line = lines[index];
  if (line !== undefined) return line;
  const last = lines.at(-1);
  return last === RUNNING || last === WAITING ? last : "";
}

/** In the column of a task that has an operation under way and does nothing now. */
export const RUNNING = "|";
/** In the column of a task that waits. */
export const WAITING = ":";
