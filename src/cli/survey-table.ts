import { survey, type SurveyNews, type SurveyRow } from "../hunt/index.ts";
import { drive, type Interrupt, type Pace } from "./drive.ts";
import { counted, grouped, table } from "./output.ts";

const SHRINK_RUNS_MAX = 50_000;

/** Makes a survey to its end, or until Ctrl-C; the rows that were done. */
export async function surveyRows(
  { seed, runsMax }: { readonly seed: string; readonly runsMax: number },
  interrupt: Interrupt,
): Promise<SurveyRow[]> {
  const rows: SurveyRow[] = [];
  const { shouldStop } = interrupt;
  const options = { seed, runsMax, shrinkRunsMax: SHRINK_RUNS_MAX, shouldStop };
  const note = (news: SurveyNews): Pace | null => {
    if (news.kind === "progress") return { label: news.id, runs: news.runs, runsMax };
    rows.push(news.row);
    return null;
  };
  await drive(survey(options), note);
  return rows;
}

/** Whether a row of a survey says what it should. */
export function isAsExpected(row: SurveyRow): boolean {
  return row.ok;
}

/** The rows of a survey as text. */
export function surveyTable(rows: readonly SurveyRow[]): string {
  const head = [
    "bug",
    "protocol",
    "expected",
    "found by",
    "after",
    "tasks",
    "operations",
    "preemptions",
    "limit",
    "",
  ];
  const body = rows.map((row) => [
    row.id,
    row.protocol,
    row.expect,
    row.strategy ?? "-",
    grouped(row.schedules),
    dash(row.tasks),
    dash(row.operations),
    dash(row.preemptions),
    dash(row.limit),
    row.ok ? "ok" : "NOT OK",
  ]);
  const wrong = rows.filter((row) => !row.ok);
  const replays = wrong.flatMap(({ id, replay }) =>
    replay === null ? [] : [`${id}: latchwork replay '${replay}'\n`],
  );
  const right = wrong.length === 0 ? "all" : String(rows.length - wrong.length);
  const sum = `${counted(rows.length, "row")}, ${right} as expected\n`;
  return table([head, ...body], [4, 5, 6, 7, 8]) + `\n${sum}` + replays.join("");
}

/** A row as `--json` prints it. */
export function rowJson(row: SurveyRow): object {
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
