import { assert } from "../../task/index.ts";
import { wrap } from "./columns.ts";
import { pagesWritten } from "./durable-steps.ts";
import type { CrashRow, RecoveryRow, StoryRow } from "./rows.ts";
import type { Story } from "./story.ts";

const LABEL_WIDTH_LEAST = 5;
const GAP = "  ";

/** What is said of some steps, and which they are. */
interface Rendered {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Crashes and recoveries, over the whole width: no task of the scenario runs meanwhile. */
export function renderBreak(rows: readonly StoryRow[], story: Story, widthMax: number): string[] {
  const rendered: Rendered[] = [];
  let recovery: RecoveryRow[] = [];
  const tellOpen = (): void => {
    if (recovery.length > 0) rendered.push(renderRecovery(recovery, story));
    recovery = [];
  };
  for (const row of rows) {
    if (row.kind === "recovery") recovery.push(row);
    if (row.kind !== "crash") continue;
    tellOpen();
    rendered.push({ label: String(row.step), lines: renderCrash(row, story) });
  }
  tellOpen();
  const labelWidth = Math.max(LABEL_WIDTH_LEAST, ...rendered.map(({ label }) => label.length));
  return rendered.flatMap((one) => layOut(one, labelWidth, widthMax));
}

function renderCrash(row: CrashRow, story: Story): string[] {
  const named = (index: number): string => {
    const operation = story.operations[index];
    return `${story.tasks[operation?.task ?? -1] ?? ""}: ${operation?.text ?? ""}`;
  };
  const list = (what: string, indices: readonly number[]): string[] =>
    indices.length === 0 ? [] : [`  ${what}: ${indices.map(named).join(", ")}`];
  const survived =
    row.survived.length === 0 ? ["all that was on the disk was synced"] : row.survived;
  return [
    `CRASH ${row.crash}: memory is lost, and of the disk what was not synced may be`,
    ...list("acknowledged before", row.acknowledged),
    ...list("cut off", row.cut),
    ...survived.map((line) => `  ${line}`),
    `  on the disk now: ${row.found.join("; ")}`,
  ];
}

/** One block for all steps of a recovery that ran in a row. */
function renderRecovery(block: readonly RecoveryRow[], story: Story): Rendered {
  const last = block.at(-1);
  assert(last !== undefined, "a recovery has a step");
  const token = story.tasks[last.task] ?? "";
  const lines = [`${token} recovers: opens the database`];
  for (const line of last.report) lines.push(`  ${line}`);
  const steps = block.filter(
    (row) => !row.isQuiet || row.outcome === "fails" || row.faults.length > 0,
  );
  const deeds = pagesTogether(steps, story.pageSize);
  if (deeds.length > 0) lines.push(`  ${deeds.join(", ")}`);
  if (last.report.length === 0 && last.fails === null) lines.push("  cut off before it was done");
  if (last.tree.length > 0)
    lines.push("  the tree it gives", ...last.tree.map((line) => `    ${line}`));
  if (last.fails !== null) lines.push(`!! ${last.fails}`);
  const [first, end] = [block[0]?.step, last.step];
  return { label: first === end ? String(end) : `${first}-${end}`, lines };
}

/** A step of a recovery, and what the disk made of it. */
function textOf({ text, outcome, fault, faults }: RecoveryRow): string {
  const notes = faults.map((what) => `disk fault: ${what}`);
  if (outcome === "fails") notes.unshift(faults.length > 0 ? "fails" : `fails with ${fault ?? ""}`);
  return notes.length === 0 ? text : `${text} (${notes.join("; ")})`;
}

/** Renders steps one by one, and writes of pages in a row as one. */
function pagesTogether(steps: readonly RecoveryRow[], pageSize: number): string[] {
  const lines: string[] = [];
  let pages: string[] = [];
  const tellPages = (): void => {
    if (pages.length > 0) lines.push(`writes page${counted(pages)} ${pages.join(" ")}`);
    pages = [];
  };
  for (const row of steps) {
    const isPlain = row.outcome !== "fails" && row.faults.length === 0;
    const written = isPlain ? pagesWritten(row.fact, pageSize) : null;
    if (written !== null) pages.push(written);
    else {
      tellPages();
      lines.push(textOf(row));
    }
  }
  tellPages();
  return lines;
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? "" : "s";
}

function layOut({ label, lines }: Rendered, labelWidth: number, widthMax: number): string[] {
  const wrapped = lines.flatMap((line) => wrap(line, widthMax - labelWidth - GAP.length));
  return wrapped.map((line, i) => (i === 0 ? label : "").padStart(labelWidth) + GAP + line);
}
