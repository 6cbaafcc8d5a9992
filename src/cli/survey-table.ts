import { type Protocol, PROTOCOLS } from "../btree/index.ts";
import {
  BUGS,
  type HuntResult,
  survey,
  type SurveyNews,
  type SurveyOptions,
  surveyPlans,
  type SurveyRow,
} from "../hunt/index.ts";
import { DEFAULT_PORTFOLIO } from "../sim/index.ts";
import type { NotWritten } from "./exit.ts";
import { standAt } from "./finish.ts";
import { drive, type Interrupt } from "./drive.ts";
import type { Pace } from "./progress.ts";
import { foldedText, paragraph, rowText } from "./layout.ts";
import { counted, grouped, type JsonStream, print } from "./output.ts";
import { type OwnProtocols, replayOptions } from "./protocol-file.ts";
import { type CrewWork, withCrew } from "./workers.ts";

/** How a survey is made and shown. */
export interface SurveyWish {
  readonly seed: string;
  readonly runsMax: number;
  readonly workers: number;
  /** Where each row goes once it is done; null for a table. */
  readonly json: JsonStream | null;
  readonly own: OwnProtocols;
}

/** What a survey came to, and the fault if a worker died before all was done. */
export interface SurveyOutcome {
  readonly rows: readonly SurveyRow[];
  readonly lost: readonly NotWritten[];
}

/** Makes a survey to its end, or until Ctrl-C, printing each row once it is done. */
export async function surveyRows(wish: SurveyWish, interrupt: Interrupt): Promise<SurveyOutcome> {
  const { seed, runsMax, workers, json, own } = wish;
  const rows: SurveyRow[] = [];
  const widths = widthsOf(runsMax, own.protocols);
  const { shouldStop } = interrupt;
  const { protocols } = own;
  const options = { seed, runsMax, protocols, shouldStop };
  const setCode = (): void =>
    standAt({
      isDone: rows.length === rowsOf(own),
      isFound: rows.some((row) => !row.ok),
      isInterrupted: interrupt.isRequested,
    });
  const take = (row: SurveyRow): string | null => {
    rows.push(row);
    setCode();
    if (json === null) return rowText(cellsOf(row), widths, NUMBERS);
    json.item(rowJson(row));
    return null;
  };
  const report = (news: SurveyNews): Pace | string | null =>
    news.kind === "progress" ? { label: news.id, runs: news.runs, runsMax } : take(news.row);
  if (json === null) print(rowText(HEAD, widths, NUMBERS));
  const byCrew = (crew: CrewWork): Promise<void> =>
    surveyByCrew(crew, options, (row) => crew.print(take(row) ?? ""));
  const lost = workers > 1 ? await withCrew(workers, own, interrupt, byCrew) : [];
  if (workers === 1) await drive(survey(options), report);
  setCode();
  if (json === null) print(summary(rows, own));
  return { rows, lost };
}

/** Makes all hunts of a survey at once; rows are taken in their order. */
async function surveyByCrew(
  { hunt }: CrewWork,
  options: SurveyOptions,
  take: (row: SurveyRow) => void,
): Promise<void> {
  const plans = surveyPlans(options);
  const underWay = plans.map(({ id, hunts }, priority) =>
    hunts.map((plan) => {
      const { runsMax } = plan.setting;
      const result = hunt(plan, priority, (runs) => ({ label: id, runs, runsMax }));
      // What fails behind the first that fails is not looked at.
      result.catch(() => undefined);
      return result;
    }),
  );
  for (const [index, { rowOf }] of plans.entries()) {
    const results: HuntResult[] = [];
    for (const hunting of underWay[index] ?? []) {
      // oxlint-disable-next-line no-await-in-loop -- in the order of the hunts
      const result = await hunting;
      if (result.verdict.interrupted) return;
      results.push(result);
      if (result.verdict.finding !== null) break;
    }
    take(rowOf(results));
  }
}

/** Whether a survey was made to its end, and says what it should. */
export function isAsExpected(rows: readonly SurveyRow[], interrupt: Interrupt): boolean {
  return !interrupt.isRequested && rows.every((row) => row.ok);
}

const HEAD = ["bug", "protocol", "expect", "by", "after", "tasks", "ops", "P", "limit", ""];
const NUMBERS = [4, 5, 6, 7, 8];
const LEGEND =
  "by: the strategy that found it, after so many schedules; tasks, ops, P: what it was shrunk " +
  "to, P being its preemptions; limit: the most P that will do";

/** Each row is printed before the next is known, so columns are as wide as any entry can be. */
function widthsOf(runsMax: number, own: readonly Protocol[]): number[] {
  const protocols = [...PROTOCOLS, ...own].map(({ name }) => name);
  const widest = [
    Math.max(...BUGS.map(({ id }) => id.length)),
    Math.max(...protocols.map((name) => name.length)),
    0,
    Math.max(...DEFAULT_PORTFOLIO.map((name) => name.length)),
    grouped(runsMax * (BUGS.length + 1)).length,
  ];
  return HEAD.map((word, i) => Math.max(word.length, widest[i] ?? 0));
}

function cellsOf(row: SurveyRow): string[] {
  return [
    row.id === row.protocol ? "-" : row.id,
    row.protocol,
    row.expect,
    row.strategy ?? "-",
    grouped(row.schedules),
    dash(row.tasks),
    dash(row.operations),
    dash(row.preemptions),
    dash(row.limit),
    row.ok ? "ok" : "NOT OK",
  ];
}

/** How many rows a survey has that is made to its end. */
function rowsOf({ protocols }: OwnProtocols): number {
  return BUGS.length + PROTOCOLS.length + protocols.length;
}

/** What the rows come to: those that are left out were never hunted, and nobody knows of them. */
function summary(rows: readonly SurveyRow[], own: OwnProtocols): string {
  const total = rowsOf(own);
  const wrong = rows.filter((row) => !row.ok);
  const replays = wrong.flatMap(({ id, protocol, replay }) => {
    const options = replayOptions(own, protocol);
    return replay === null ? [] : [`${id}: latchwork replay '${replay}'${options}\n`];
  });
  const right = wrong.length === 0 ? "all" : String(rows.length - wrong.length);
  const sum =
    rows.length === total
      ? `${counted(rows.length, "row")}, ${right} as expected\n`
      : `stopped after ${rows.length} of ${counted(total, "row")}, ${right} of these as expected\n`;
  return `\n${paragraph(LEGEND)}\n\n${foldedText(sum)}${replays.join("")}`;
}

/** A row as `--json` prints it. */
function rowJson(row: SurveyRow): object {
  const { id, protocol, expect, found, strategy, schedules } = row;
  const { tasks, operations, preemptions, limit, ok } = row;
  return {
    id,
    protocol,
    expect,
    found,
    strategy,
    schedules,
    tasks,
    operations,
    preemptions,
    limit,
    ok,
  };
}

function dash(value: number | null): string {
  return value === null ? "-" : String(value);
}
