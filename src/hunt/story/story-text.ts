import { optionNames, refuseUnknownOptions } from "../../task/index.ts";
import { wrap } from "./columns.ts";
import { renderParts } from "./parts.ts";
import type { Story } from "./story.ts";

/** How a story is printed. */
export interface StoryTextOptions {
  /** Columns to keep within, if the tasks are not too many. Default 110. */
  readonly widthMax?: number;
  /** What follows the line in the command that replays it, as ` --protocol-file mine.js`. */
  readonly replayOptions?: string;
}

const OPTION_NAMES = optionNames<StoryTextOptions>({ widthMax: true, replayOptions: true });

const WIDTH_DEFAULT = 110;
const NO_SWITCH = "none; no other decision at one choice avoids the failure";
const NOT_FOUND = "not found within the budget of runs";

/** Prints a story: what failed, the trees, a column for each task, the rule, the replay line. */
export function formatStory(story: Story, options: StoryTextOptions = {}): string {
  refuseUnknownOptions("formatStory", options, OPTION_NAMES);
  const widthMax = options.widthMax ?? WIDTH_DEFAULT;
  const lines = [
    ...wrap(story.title, widthMax),
    ...header(story).flatMap((line) => wrap(`  ${line}`, widthMax)),
    "",
    ...drawing("before", story.before, widthMax),
    ...legend(story, widthMax),
    "",
    ...renderParts(story, widthMax),
    "",
    ...drawing(story.kind === null ? "after" : "at the end", story.after, widthMax),
    ...why(story, widthMax),
    ...causesLines(story, widthMax),
    "",
    "replay with",
    `  latchwork replay '${story.replay}'${options.replayOptions ?? ""}`,
  ];
  return lines.join("\n") + "\n";
}

function header(story: Story): string[] {
  const bug = story.bug === null ? "" : `, bug ${story.bug.id}: ${story.bug.title}`;
  const capacity = story.capacity === 0 ? "any number of" : `at most ${story.capacity}`;
  const tasks = new Set(story.operations.map(({ task }) => task)).size;
  return [
    `${story.protocol}${bug}`,
    `${capacity} entries a page, ${story.fairness} latches; ` +
      `${count(tasks, "task")}, ${count(story.operations.length, "operation")}, ` +
      `${count(story.steps, "step")}, ${count(story.preemptions, "preemption")}`,
    ...(story.disk === null ? [] : [`on a disk: ${story.disk.join(", ")}`]),
  ];
}

function drawing(name: string, lines: readonly string[], widthMax: number): string[] {
  return [`the tree ${name}`, ...lines.flatMap((line) => wrap(`  ${line}`, widthMax))];
}

/** How the drawings are to be read, where the reader meets the first one. */
function legend({ legend: notes }: Story, widthMax: number): string[] {
  return notes.length === 0 ? [] : wrap(`  (${notes.join("; ")})`, widthMax);
}

function why(story: Story, widthMax: number): string[] {
  const [rule, ...evidence] = story.why;
  const drift =
    story.drift === null
      ? []
      : ["", `note: the schedule fits this scenario only up to step ${story.drift}`];
  if (rule === undefined) return drift;
  const lines = evidence.flatMap((line) => wrap(`  ${line}`, widthMax));
  return ["", ...wrap(`broken rule: ${rule}`, widthMax), ...lines, ...drift];
}

/** What the failure depends on: its steps, and the last choice that could have avoided it. */
function causesLines({ kind, causes, steps }: Story, widthMax: number): string[] {
  const { slice, sliceText, isSwitchSought } = causes;
  // Nothing failed, or it did not come again.
  if (kind === null || slice.length === 0) return [];
  const some = `${slice.length} of ${count(steps, "step")}: ${sliceText}`;
  const lines = [
    `causal slice: ${slice.length === steps ? `all ${count(steps, "step")}` : some}`,
    `the switch that matters: ${causes.switch?.text ?? (isSwitchSought ? NO_SWITCH : NOT_FOUND)}`,
  ];
  return ["", ...lines.flatMap((line) => wrap(line, widthMax))];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
