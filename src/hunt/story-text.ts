import { type ColumnRow, firm, RUNNING, setInColumns, WAITING, wrap } from "./story-columns.ts";
import { type Story, type StoryRow, taskHeadings } from "./story.ts";

/** How a story is printed. */
export interface StoryTextOptions {
  /** Columns to keep within, if the tasks are not too many. Default 110. */
  readonly widthMax?: number;
}

const WIDTH_DEFAULT = 110;
/** Stories up to this many rows are told step by step; longer ones fold what ran undisturbed. */
const ROWS_UNFOLDED = 40;
/** Where a descent goes anyway; other places are told. */
const OBVIOUS_SITES: ReadonlySet<string> = new Set(["meta", "root", "child", "tree"]);
const LEGEND =
  "S shared, X exclusive; page 0 is the meta page, which names the root; " +
  `${RUNNING} under way, ${WAITING} waiting, * not reached`;

const FOLDED_LEGEND = "(alone) all its steps in a row";

/** Prints a story: what failed, the trees, a column for each task, the rule, the replay line. */
export function formatStory(story: Story, options: StoryTextOptions = {}): string {
  const widthMax = options.widthMax ?? WIDTH_DEFAULT;
  const lines = [
    ...wrap(story.title, widthMax),
    ...header(story).map((line) => `  ${line}`),
    "",
    ...drawing("before", story.before),
    "",
    ...columns(story, widthMax),
    "",
    ...drawing(story.kind === null ? "after" : "at the end", story.after),
    ...why(story, widthMax),
    "",
    "replay with",
    `  latchwork replay '${story.replay}'`,
  ];
  return lines.join("\n") + "\n";
}

function header(story: Story): string[] {
  const bug = story.bug === null ? "" : `, bug ${story.bug.id}: ${story.bug.title}`;
  const capacity = story.capacity === 0 ? "any number of" : `at most ${story.capacity}`;
  return [
    `${story.protocol}${bug}`,
    `${capacity} entries a page, ${story.fairness} latches; ` +
      `${count(story.tasks.length, "task")}, ${count(story.operations.length, "operation")}, ` +
      `${count(story.steps, "step")}, ${count(story.preemptions, "preemption")}`,
  ];
}

function drawing(name: string, lines: readonly string[]): string[] {
  return [`the tree ${name}`, ...lines.map((line) => `  ${line}`)];
}

function why(story: Story, widthMax: number): string[] {
  const [rule, ...evidence] = story.why;
  const drift =
    story.drift === null
      ? []
      : ["", `note: the schedule fits this scenario only up to step ${story.drift}`];
  if (rule === undefined) return drift;
  const told = evidence.flatMap((line) => wrap(`  ${line}`, widthMax));
  return ["", ...wrap(`broken rule: ${rule}`, widthMax), ...told, ...drift];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The table of steps. */
function columns(story: Story, widthMax: number): string[] {
  const isFolded = story.rows.length > ROWS_UNFOLDED;
  const blocks = isFolded ? folded(story.rows) : story.rows.map((row) => [row]);
  const table = new Table(story);
  const rows: ColumnRow[] = [
    { label: "step", cells: taskHeadings(story).map((heading) => [heading]) },
    { label: "----", cells: story.tasks.map(() => ["--------"]) },
  ];
  for (const [i, block] of blocks.entries()) {
    if (isGap(blocks[i - 1]?.at(-1), block[0])) rows.push(gapRow(story));
    rows.push(...table.tell(block));
  }
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const layout = { widthMax, labelWidth, columns: story.tasks.length };
  const legend = isFolded ? `${LEGEND}; ${FOLDED_LEGEND}` : LEGEND;
  return [...wrap(legend, widthMax), "", ...setInColumns(rows, layout)];
}

/** Whether the rows between two were too many to keep. */
function isGap(before: StoryRow | undefined, after: StoryRow | undefined): boolean {
  const [from, to] = [before?.step ?? null, after?.step ?? null];
  return from !== null && to !== null && to > from + 1;
}

function gapRow(story: Story): ColumnRow {
  const note = `${story.rowsLeftOut} steps are left out here`;
  return { label: "...", cells: story.tasks.map((_, i) => [i === 0 ? note : ""]) };
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

/** Makes the rows of the table, and remembers which tasks are under way. */
class Table {
  readonly #story: Story;
  readonly #state: string[];

  constructor(story: Story) {
    this.#story = story;
    this.#state = story.tasks.map(() => "");
  }

  /** A row for a block of steps, and one more where a task is preempted. */
  tell(block: readonly StoryRow[]): ColumnRow[] {
    const [first, last] = [block[0], block.at(-1)];
    if (first === undefined || last === undefined) return [];
    const cell = block.length > 1 ? this.#fold(block) : this.#cell(first);
    const label = labelOf(first.step, last.step);
    const row = this.#row(label, last.task, cell);
    this.#state[last.task] = this.#stateAfter(last);
    if (!last.isPreempted) return [row];
    return [row, this.#row("", last.task, ["~~ preempted ~~"])];
  }

  #row(label: string, acting: number, cell: readonly string[]): ColumnRow {
    return {
      label,
      cells: this.#state.map((state, task) => (task === acting ? cell : [state])),
    };
  }

  #stateAfter(row: StoryRow): string {
    if (row.outcome === "waits" || row.outcome === "wants" || row.blocked !== null) return WAITING;
    if (row.ended.includes(row.operation)) return "";
    return RUNNING;
  }

  #cell(row: StoryRow): string[] {
    const operation = this.#story.operations[row.operation];
    const lines = row.isFirst && operation !== undefined ? [`> ${operation.text}`] : [];
    lines.push(this.#action(row));
    for (const rule of row.breaks) lines.push(`  !! ${rule}`);
    if (row.sees !== null) lines.push(`  sees ${row.sees}`);
    for (const change of row.changes) lines.push(`  ${change}`);
    lines.push(...this.#results(row.ended));
    if (row.blocked !== null) lines.push(`  must wait for ${row.blocked}`);
    if (row.fails !== null) lines.push(`!! ${row.fails}`);
    return lines;
  }

  #fold(block: readonly StoryRow[]): string[] {
    const operation = this.#story.operations[block[0]?.operation ?? -1];
    const lines = [`> ${operation?.text ?? ""} (alone)`];
    for (const change of block.flatMap((row) => row.changes)) lines.push(`  ${change}`);
    return [...lines, ...this.#results(block.at(-1)?.ended ?? [])];
  }

  #results(ended: readonly number[]): string[] {
    return ended.map((index) => this.#story.operations[index]?.result ?? "");
  }

  #action(row: StoryRow): string {
    const holds = row.holds.length === 0 ? "" : ` ${firm(`  holds ${row.holds.join(" ")}`)}`;
    const site = OBVIOUS_SITES.has(row.site) ? "" : ` ${firm(`as ${row.site}`)}`;
    const target = `${row.mode} page ${row.page} (${row.role})${site}`;
    switch (row.outcome) {
      case "taken":
        return `${target}${holds}`;
      case "granted":
        return `gets ${target}${holds}`;
      case "refused":
        return `${target}: refused${holds}`;
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
