import { pageName } from "../program/index.ts";
import { type ColumnRow, firm, RUNNING, setInColumns, WAITING, wrap } from "./columns.ts";
import { renderBreak } from "./breaks.ts";
import { wishText } from "./durable-steps.ts";
import { type Again, foldRepeats } from "./repeats.ts";
import type { DurableRow, LatchRow, PlainRow, StoryRow } from "./rows.ts";
import { type Story, taskHeading } from "./story.ts";

/** Where a page is latched to be copied; what is in it does not matter. */
const TO_CLEAN = "page to clean";
/** Stories up to this many rows are shown step by step; longer ones fold what ran undisturbed. */
const ROWS_UNFOLDED = 40;
/** Where a descent goes anyway; other places are named. */
const OBVIOUS_SITES: ReadonlySet<string> = new Set(["meta", "root", "child", "tree"]);
const MODES = "S shared, X exclusive";
const MODES_WITH_UPDATE = "S shared, U update, X exclusive";
const LEGEND =
  "page 0 is the meta page, which names the root; " +
  `${RUNNING} under way, ${WAITING} waiting, * not reached`;
const DISK_LEGEND =
  "numbers of the log are positions in it; its files are named by where they begin, in hexadecimal";
const FOLDED_LEGEND = "(in a row) all its steps, undisturbed";

/** The steps: a table for each part of a run, and between the parts its crashes and recoveries. */
export function renderParts(story: Story, widthMax: number): string[] {
  const shown = story.disk === null ? story.rows : story.rows.filter(isInMemory);
  const isFolded = shown.length > ROWS_UNFOLDED;
  const hasUpdate = shown.some((row) => row.kind === "latch" && row.fact.mode === "U");
  const notes = [
    hasUpdate ? MODES_WITH_UPDATE : MODES,
    LEGEND,
    ...(story.disk === null ? [] : [DISK_LEGEND]),
    ...(isFolded ? [FOLDED_LEGEND] : []),
  ];
  const lines = wrap(notes.join("; "), widthMax);
  for (const rows of partsOf(story.rows)) {
    lines.push("");
    if (isBreak(rows[0])) lines.push(...renderBreak(rows, story, widthMax));
    else lines.push(...renderTable(story, rows, isFolded, widthMax));
  }
  return lines;
}

/** Whether a step would be there without a disk as well. */
function isInMemory({ kind }: StoryRow): boolean {
  return kind === "latch" || kind === "plain";
}

/** What lies between crashes and recoveries, and each stretch of those. */
function partsOf(rows: readonly StoryRow[]): StoryRow[][] {
  const parts: StoryRow[][] = [];
  for (const row of rows) {
    const open = parts.at(-1);
    if (open !== undefined && isBreak(open[0]) === isBreak(row)) open.push(row);
    else parts.push([row]);
  }
  return parts;
}

function isBreak(row: StoryRow | undefined): boolean {
  return row?.kind === "crash" || row?.kind === "recovery";
}

/** A column for each task of a part of the run. */
function renderTable(
  story: Story,
  part: readonly StoryRow[],
  isFolded: boolean,
  widthMax: number,
): string[] {
  const tasks = tasksIn(story, part);
  const blocks = (isFolded ? folded(part) : part.map((row) => [row])).reduce(joined, []);
  const table = new Table(story, tasks);
  const rows: ColumnRow[] = [];
  let before: number | null = null;
  for (const { rows: block, again } of foldRepeats(blocks, (a, b) => isGap(a.at(-1), b[0]))) {
    if (isGapBetween(before, block[0]?.step ?? null)) rows.push(gapRow(story, tasks.length));
    rows.push(...table.render(block));
    if (again !== null) rows.push(table.again(block, again));
    before = again?.to ?? block.at(-1)?.step ?? null;
  }
  const names = tasks.map((task) => story.tasks[task] ?? "");
  const headings = tasks.map((task) => taskHeading(story, task));
  return setInColumns(rows, { widthMax, label: "step", names, headings });
}

/** The tasks of a part of the run: those before the first crash, or those after the last. */
function tasksIn(story: Story, part: readonly StoryRow[]): number[] {
  const crash = story.rows.find(({ kind }) => kind === "crash");
  const isFirst = crash === undefined || part[0] === story.rows[0];
  const own = new Set(story.operations.map(({ task }) => task));
  return story.tasks.flatMap((_, task) => {
    if (story.disk === null) return [task];
    const isBefore = crash === undefined || task < crash.task;
    return own.has(task) && isBefore === isFirst ? [task] : [];
  });
}

/** Adds a block to the one before if the two are steps of disk and log of one operation. */
function joined(blocks: StoryRow[][], block: StoryRow[]): StoryRow[][] {
  const [before, row] = [blocks.at(-1), block[0]];
  const last = before?.at(-1);
  const fits =
    before !== undefined &&
    last !== undefined &&
    row !== undefined &&
    !isGap(last, row) &&
    last.task === row.task &&
    last.operation === row.operation &&
    last.ended.length === 0 &&
    last.blocked === null &&
    last.outcome !== "waits" &&
    (before.every(isQuiet) || isQuiet(row) || (last.kind !== "latch" && row.kind !== "latch"));
  if (fits) before.push(...block);
  else blocks.push(block);
  return blocks;
}

/** Whether a row says nothing by itself. */
function isQuiet(row: StoryRow): boolean {
  const isUneventful = row.fails === null && row.outcome !== "fails" && row.faults.length === 0;
  return row.kind === "durable" && row.isQuiet && isUneventful;
}

/** How a step failed; where the disk had to make it fail, that says it all. */
function failure({ fault, faults }: StoryRow): string {
  return fault === null || faults.length > 0 ? "fails" : `fails with ${fault}`;
}

/** Whether the rows between two were too many to keep. */
function isGap(before: StoryRow | undefined, after: StoryRow | undefined): boolean {
  return isGapBetween(before?.step ?? null, after?.step ?? null);
}

function isGapBetween(from: number | null, to: number | null): boolean {
  return from !== null && to !== null && to > from + 1;
}

function gapRow(story: Story, columns: number): ColumnRow {
  const note = `${story.rowsLeftOut} steps are left out here`;
  const cells = Array.from({ length: columns }, (_, i) => [i === 0 ? note : ""]);
  return { label: "...", cells, acting: 0 };
}

/** The steps of a block of rows: `7`, `9-12`, or a star for a step that was not reached. */
function labelOf(first: number | null, last: number | null): string {
  if (first === null) return "*";
  return first === last || last === null ? String(first) : `${first}-${last}`;
}

/** Puts together the rows of every operation that ran from first to last step undisturbed. */
function folded(rows: readonly StoryRow[]): StoryRow[][] {
  const blocks: StoryRow[][] = [];
  for (const row of rows) {
    const open = blocks.at(-1);
    const before = open?.at(-1);
    const goesOn =
      open !== undefined &&
      before !== undefined &&
      open[0]?.isFirst === true &&
      !isGap(before, row) &&
      before.operation === row.operation &&
      before.ended.length === 0;
    if (goesOn) open.push(row);
    else blocks.push([row]);
  }
  return blocks.flatMap((block) => {
    const isWhole = block[0]?.isFirst === true && (block.at(-1)?.ended.length ?? 0) > 0;
    return isWhole && block.length > 2 ? [block] : block.map((row) => [row]);
  });
}

/** What a row that waits waits for: of a gate, to enter it. */
function wantText({ fact, text }: DurableRow | PlainRow): string {
  return fact.kind === "gate-enter" ? wishText(fact, "") : text;
}

/** Makes the rows of the table, and remembers which tasks are under way. */
class Table {
  readonly #story: Story;
  readonly #tasks: readonly number[];
  readonly #state: string[];

  constructor(story: Story, tasks: readonly number[]) {
    this.#story = story;
    this.#tasks = tasks;
    this.#state = tasks.map(() => "");
  }

  /** A row for a block of steps, and one more where a task is preempted. */
  render(block: readonly StoryRow[]): ColumnRow[] {
    const [first, last] = [block[0], block.at(-1)];
    if (first === undefined || last === undefined) return [];
    const isUndisturbed = this.#isUndisturbed(block);
    const cell = isUndisturbed ? this.#fold(block) : this.#cells(block);
    const acting = this.#tasks.indexOf(last.task);
    const row = this.#row(labelOf(first.step, last.step), acting, cell);
    this.#state[acting] = this.#stateAfter(last);
    if (!last.isPreempted) return [row];
    return [row, this.#row("", acting, ["~~ preempted ~~"])];
  }

  /** A row in place of what came again and was left out. */
  again(block: readonly StoryRow[], { times, period, to }: Again): ColumnRow {
    const acting = this.#tasks.indexOf(block.at(-1)?.task ?? -1);
    const what = period === 1 ? "the same" : `these ${period} rows`;
    return this.#row("...", acting, [`${what} again, ${times} times, to step ${to}`]);
  }

  /** Whether a block is folded to its outcome. */
  #isUndisturbed(block: readonly StoryRow[]): boolean {
    return block.filter(({ kind }) => kind === "latch").length > 1;
  }

  #row(label: string, acting: number, cell: readonly string[]): ColumnRow {
    return { label, cells: this.#state.map((state, i) => (i === acting ? cell : [state])), acting };
  }

  #stateAfter(row: StoryRow): string {
    if (row.outcome === "waits" || row.outcome === "wants" || row.blocked !== null) return WAITING;
    if (row.ended.includes(row.operation)) return "";
    return RUNNING;
  }

  #cells(block: readonly StoryRow[]): string[] {
    const lines = block.flatMap((row) => this.#cell(row));
    const last = block.at(-1);
    if (lines.length > 0 || last?.kind !== "durable") return lines;
    return [last.text];
  }

  #cell(row: StoryRow): string[] {
    const operation = this.#story.operations[row.operation];
    const lines = row.isFirst && operation !== undefined ? [`> ${operation.text}`] : [];
    if (row.kind === "latch") lines.push(this.#latch(row));
    else if (row.kind === "plain") lines.push(this.#textOf(row));
    else if (row.kind === "durable" && !isQuiet(row)) lines.push(this.#textOf(row));
    for (const fault of row.faults) lines.push(`  disk fault: ${fault}`);
    for (const rule of row.breaks) lines.push(`  !! ${rule}`);
    if (row.kind === "latch" && row.sees !== null && row.site !== TO_CLEAN)
      lines.push(`  sees ${row.sees}`);
    for (const change of row.changes) lines.push(`  ${change}`);
    lines.push(...this.#results(row.ended, row.operation));
    if (row.blocked !== null) lines.push(`  must wait for ${row.blocked}`);
    if (row.fails !== null) lines.push(`!! ${row.fails}`);
    return lines;
  }

  #fold(block: readonly StoryRow[]): string[] {
    const operation = this.#story.operations[block[0]?.operation ?? -1];
    const lines = [`> ${operation?.text ?? ""} (in a row)`];
    for (const row of block) {
      if (row.kind === "durable" && !isQuiet(row)) lines.push(`  ${this.#textOf(row)}`);
      for (const fault of row.faults) lines.push(`  disk fault: ${fault}`);
      for (const change of row.changes) lines.push(`  ${change}`);
    }
    const last = block.at(-1);
    return [...lines, ...this.#results(last?.ended ?? [], last?.operation ?? -1)];
  }

  /** What operations gave. One that had nothing to do has no row of its own, and begins here. */
  #results(ended: readonly number[], own: number): string[] {
    return ended.flatMap((index) => {
      const operation = this.#story.operations[index];
      if (operation === undefined) return [];
      const mark = operation.acknowledged === null ? "" : ", ACKNOWLEDGED";
      const result = `${operation.result ?? ""}${mark}`;
      return index === own ? [result] : [`> ${operation.text}`, result];
    });
  }

  #textOf(row: DurableRow | PlainRow): string {
    if (row.outcome === "fails") return `${row.text}: ${failure(row)}`;
    if (row.outcome === "waits" || row.outcome === "wants") {
      return `${row.outcome} ${wantText(row)}${this.#behind(row)}`;
    }
    return row.text;
  }

  #latch(row: LatchRow): string {
    const holds = row.holds.length === 0 ? "" : ` ${firm(`  holds ${row.holds.join(" ")}`)}`;
    const site = OBVIOUS_SITES.has(row.site) ? "" : ` ${firm(`as ${row.site}`)}`;
    const read = row.outcome === "fails" ? "to be read in" : "read in";
    const origin = row.isRead ? `, ${firm(read)}` : "";
    const page = pageName(row.partition, row.page);
    const target = `${row.mode} page ${page} (${row.role})${site}${origin}`;
    switch (row.outcome) {
      case "taken":
        return `${target}${holds}`;
      case "granted":
        return `gets ${target}${holds}`;
      case "refused":
        return `${target}: refused${holds}`;
      case "fails":
        return `${target}: ${failure(row)}${holds}`;
      case "waits":
        return `waits for ${target}${this.#behind(row)}${holds}`;
      case "wants":
        return `wants ${target}${this.#behind(row)}${holds}`;
    }
  }

  #behind(row: StoryRow): string {
    const names = row.behind.map((task) => this.#story.tasks[task] ?? `task ${task}`);
    return names.length === 0 ? "" : `, ${firm(`behind ${names.join(" and ")}`)}`;
  }
}
