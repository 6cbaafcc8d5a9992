import {
  type Bug,
  BUGS,
  matrix,
  MATRIX_STRATEGIES,
  type MatrixCell,
  type MatrixNews,
  type MatrixOptions,
  matrixPlans,
  type MatrixRow,
} from "../hunt/index.ts";
import { drive, type Interrupt } from "./drive.ts";
import type { NotWritten } from "./exit.ts";
import { standAt } from "./finish.ts";
import { foldedText, paragraph, rowText } from "./layout.ts";
import { counted, grouped, type JsonStream, print } from "./output.ts";
import type { Pace } from "./progress.ts";
import { NO_OWN } from "./protocol-file.ts";
import { type CrewWork, withCrew } from "./workers.ts";

/** How a matrix is made and shown. */
export interface MatrixWish {
  readonly seed: string;
  readonly seeds: number;
  readonly runsMax: number;
  /** One bug, or null for the whole bank. */
  readonly bug: Bug | null;
  readonly workers: number;
  /** Where each row goes once it is done; null for a table. */
  readonly json: JsonStream | null;
}

const LEGEND =
  "schedules that one finding costs: those of all hunts by the number of hunts that found the " +
  "bug; in brackets how many did, where not all; with > how many schedules found nothing";

/** Makes a matrix to its end, or until Ctrl-C, printing each row once it is done. */
export async function matrixRows(wish: MatrixWish, interrupt: Interrupt): Promise<NotWritten[]> {
  const { seed, seeds, runsMax, bug, workers, json } = wish;
  const bugs = bug === null ? BUGS : [bug];
  const total = bugs.filter(({ kind }) => kind === "bug").length;
  let rows = 0;
  const take = (row: MatrixRow): string | null => {
    rows++;
    standAt({ isDone: rows === total, isFound: false, isInterrupted: interrupt.isRequested });
    if (json === null) return rowText(cellsOf(row), WIDTHS, NUMBERS);
    json.item(row);
    return null;
  };
  const report = (news: MatrixNews): Pace | string | null =>
    news.kind === "progress" ? paceOf(news.hunts, news.huntsMax) : take(news.row);
  if (json === null) print(rowText(HEAD, WIDTHS, NUMBERS));
  const options = { seed, seeds, runsMax, bugs, shouldStop: interrupt.shouldStop };
  const byCrew = (crew: CrewWork): Promise<void> =>
    matrixByCrew(crew, options, (row) => crew.print(take(row) ?? ""));
  const lost = workers > 1 ? await withCrew(workers, NO_OWN, interrupt, byCrew) : [];
  if (workers === 1) await drive(matrix(options), report);
  if (json === null) print(summary(rows, total, wish));
  return lost;
}

/** Makes the hunts of all rows at once; rows are taken in their order. */
async function matrixByCrew(
  { hunt }: CrewWork,
  options: MatrixOptions,
  take: (row: MatrixRow) => void,
): Promise<void> {
  const plans = matrixPlans(options);
  const huntsMax = plans.reduce((sum, { hunts }) => sum + hunts.length, 0);
  let done = 0;
  const underWay = plans.map(({ hunts }, priority) => {
    const results = Promise.all(
      hunts.map(async (plan) => {
        const result = await hunt(plan, priority, () => paceOf(done, huntsMax));
        done++;
        return result;
      }),
    );
    // What fails behind the first that fails is not looked at.
    results.catch(() => undefined);
    return results;
  });
  for (const [index, { rowOf }] of plans.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- in the order of the bugs
    const results = (await underWay[index]) ?? [];
    if (results.some(({ verdict }) => verdict.interrupted)) return;
    take(rowOf(results));
  }
}

function paceOf(runs: number, runsMax: number): Pace {
  return { label: "matrix", noun: "hunts", runs, runsMax };
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
