import {
  type Bug,
  BUGS,
  matrix,
  MATRIX_STRATEGIES,
  type MatrixCell,
  type MatrixNews,
  type MatrixRow,
} from "../hunt/index.ts";
import { drive, type Interrupt } from "./drive.ts";
import { standAt } from "./finish.ts";
import { foldedText, paragraph, rowText } from "./layout.ts";
import { counted, grouped, type JsonStream, print } from "./output.ts";
import type { Pace } from "./progress.ts";

/** How a matrix is made and shown. */
export interface MatrixWish {
  readonly seed: string;
  readonly seeds: number;
  readonly runsMax: number;
  /** One bug, or null for the whole bank. */
  readonly bug: Bug | null;
  /** Where each row goes once it is done; null for a table. */
  readonly json: JsonStream | null;
}

const LEGEND =
  "schedules that one finding costs: those of all hunts by the number of hunts that found the " +
  "bug; in brackets how many did, where not all; with > how many schedules found nothing";

/** Makes a matrix to its end, or until Ctrl-C, printing each row once it is done. */
export async function matrixRows(wish: MatrixWish, interrupt: Interrupt): Promise<MatrixRow[]> {
  const { seed, seeds, runsMax, bug, json } = wish;
  const bugs = bug === null ? BUGS : [bug];
  const rows: MatrixRow[] = [];
  const total = bugs.filter(({ kind }) => kind === "bug").length;
  const report = (news: MatrixNews): Pace | string | null => {
    if (news.kind === "progress") {
      return { label: "matrix", noun: "hunts", runs: news.hunts, runsMax: news.huntsMax };
    }
    rows.push(news.row);
    standAt({
      isDone: rows.length === total,
      isFound: false,
      isInterrupted: interrupt.isRequested,
    });
    if (json === null) return rowText(cellsOf(news.row), WIDTHS, NUMBERS);
    json.item(news.row);
    return null;
  };
  if (json === null) print(rowText(HEAD, WIDTHS, NUMBERS));
  const { shouldStop } = interrupt;
  await drive(matrix({ seed, seeds, runsMax, bugs, shouldStop }), report);
  if (json === null) print(summary(rows.length, total, wish));
  return rows;
}

const HEAD = ["bug", ...MATRIX_STRATEGIES];
const NUMBERS = MATRIX_STRATEGIES.map((_, i) => i + 1);
/** As wide as what is usual: a cell that says who did not find it may be wider. */
const WIDTHS = HEAD.map((word, i) => Math.max(word.length, i === 0 ? 3 : 9));

function cellsOf({ id, cells }: MatrixRow): string[] {
  return [id, ...cells.map(cellText)];
}

function cellText({ hunts, found, schedules, mean }: MatrixCell): string {
  if (mean === null) return `>${grouped(schedules)}`;
  const text = mean < 100 ? mean.toFixed(1) : grouped(Math.round(mean));
  return found === hunts ? text : `${text} (${found})`;
}

function summary(rows: number, total: number, { seeds, runsMax }: MatrixWish): string {
  const made = rows === total ? counted(rows, "bug") : `stopped after ${rows} of ${total} bugs`;
  const how = `${counted(seeds, "hunt")} each, of at most ${counted(runsMax, "schedule")}`;
  return `\n${paragraph(LEGEND)}\n\n${foldedText(`${made}, ${how}\n`)}`;
}
