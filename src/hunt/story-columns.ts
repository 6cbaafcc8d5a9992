/** One row of a table: a short label, and for each column the lines that stand in it. */
export interface ColumnRow {
  readonly label: string;
  readonly cells: readonly (readonly string[])[];
}

const GAP = "  ";
const HANG = "  ";
const NARROWEST = 20;

/** How wide a table may be, and how. */
export interface ColumnLayout {
  readonly widthMax: number;
  readonly labelWidth: number;
  readonly columns: number;
}

/**
 * Sets rows of cells as a table. Lines too long for their column are broken at spaces and hang by
 * two; columns are never narrower than is readable, so very many make the table wider instead.
 */
export function setInColumns(rows: readonly ColumnRow[], layout: ColumnLayout): string[] {
  const { widthMax, labelWidth, columns } = layout;
  const room = Math.floor((widthMax - labelWidth) / columns) - GAP.length;
  const most = Math.max(NARROWEST, room);
  const wrapped = rows.map(({ label, cells }) => ({
    label,
    cells: cells.map((lines) => lines.flatMap((line) => wrap(line, most))),
  }));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(
      0,
      ...wrapped.flatMap(({ cells }) => (cells[column] ?? []).map((line) => line.length)),
    ),
  );
  return wrapped.flatMap(({ label, cells }) => setRow(label.padStart(labelWidth), cells, widths));
}

/** Stands for a space at which a line is not broken. */
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

/** A word that is too long even by itself is broken at the spaces at which it should not be. */
function parted(word: string, width: number): string[] {
  return word.length <= width ? [word] : word.replace(LEADING_FIRM, "").split(FIRM_SPACE);
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

/** Stands in the column of a task that has an operation under way and does nothing now. */
export const RUNNING = "|";
/** Stands in the column of a task that waits. */
export const WAITING = ":";
