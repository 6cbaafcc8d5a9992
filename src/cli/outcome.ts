import {
  formatScenario,
  formatStory,
  type HuntResult,
  type ReplayRule,
  type Scenario,
  type Story,
  type StoryTextOptions,
  traceText,
} from "../hunt/index.ts";
import { formatSchedule, identityText, type Schedule, unseenOrders } from "../sim/index.ts";
import { describeCoverage } from "./coverage.ts";
import { numbered } from "./files.ts";
import type { Job } from "./hunt-jobs.ts";
import { foldedText, textWidth } from "./layout.ts";
import { printable } from "../task/index.ts";
import { type OwnProtocols, replayOptions } from "./protocol-file.ts";
import { coloured, counted, grouped, print } from "./output.ts";
import { SavedFiles } from "./saved-files.ts";

/** What came of one hunt. */
export interface Outcome {
  readonly job: Job;
  readonly result: HuntResult;
  readonly seconds: number;
  /** The story of the finding, or null if there is none. */
  readonly story: Story | null;
}

/** Prints a line for a hunt, and the story of what it found. */
export function printOutcome(
  outcome: Outcome,
  own: OwnProtocols,
  { isOnly }: { readonly isOnly: boolean },
): void {
  const { job, result, seconds, story } = outcome;
  const coverage = describeCoverage(result, seconds);
  if (story === null) {
    const word = result.verdict.interrupted
      ? coloured("yellow", "stopped")
      : coloured("green", "clean");
    say(
      isOnly
        ? `${word}: nothing found in ${job.label}\n  ${coverage}\n`
        : `${word}  ${job.label}: ${coverage}\n`,
    );
    return;
  }
  say(`${coloured("red", "found")}: ${story.kind ?? "nothing"} in ${job.label}\n`);
  say(`  ${describeFinding(result)}\n  ${coverage}\n\n`);
  printStory(story, own);
  if (!isOnly) print("\n");
}

function say(text: string): void {
  print(foldedText(text));
}

/** Prints a story, in which texts of a protocol of the user's own may be: what it throws. */
export function printStory(story: Story, own: OwnProtocols): void {
  print(formatStory(seen(story), storyLayout(own, story)));
}

function storyLayout(own: OwnProtocols, { protocol }: Story): StoryTextOptions {
  return { widthMax: textWidth(), replayOptions: printable(replayOptions(own, protocol)) };
}

/** The story with every character to be seen; made before it is laid out, as that takes columns. */
function seen(story: Story): Story {
  const text = JSON.stringify(story, (_, value: unknown) =>
    typeof value === "string" ? value.split("\n").map(printable).join("\n") : value,
  );
  return JSON.parse(text) as Story;
}

/** Prints what several hunts come to. */
export function printTotal(outcomes: readonly Outcome[]): void {
  const runs = outcomes.reduce((sum, { result }) => sum + result.verdict.runs, 0);
  const seconds = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  const found = outcomes.filter(({ story }) => story !== null).length;
  const rate = seconds > 0 ? runs / seconds : runs;
  const total =
    `total: ${counted(outcomes.length, "hunt")}, ${counted(found, "failure")} found, ` +
    `${counted(runs, "schedule")} in ${seconds.toFixed(1)} s, ${grouped(rate)} schedules/s\n`;
  print(foldedText(total));
}

/** The outcome as `--json` prints it. */
export function outcomeJson({ job, result, seconds, story }: Outcome): object {
  const { verdict, shrunk } = result;
  return {
    source: job.source,
    protocol: job.protocol,
    bug: job.bug,
    found: story !== null,
    kind: story?.kind ?? null,
    strategy: verdict.finding?.strategy ?? null,
    schedules: verdict.runs,
    foundAfter: verdict.finding?.runs ?? null,
    scenarios: result.scenarios,
    distinctInterleavings: verdict.distinctOrders,
    unseenInterleavings: unseenJson(result),
    coverage: verdict.coverage,
    interrupted: verdict.interrupted,
    seconds,
    shrunk:
      shrunk === null
        ? null
        : {
            tasks: shrunk.tasks,
            operations: shrunk.operations,
            preemptions: shrunk.preemptions,
            isMinimal: shrunk.isMinimal,
            isOneMinimal: shrunk.isOneMinimal,
            cutBy: shrunk.cutBy,
            bug: identityText(shrunk.identity),
          },
    replay: result.replay,
    story,
  };
}

/** What estimates say of the interleavings that were not seen; nothing if all were, or a few. */
function unseenJson({ verdict }: HuntResult): object | null {
  const isExhausted = verdict.coverage.some(
    ({ exhausted, preemptionBound }) => exhausted && preemptionBound === null,
  );
  if (verdict.finding !== null || isExhausted) return null;
  const { atLeast, newShare } = unseenOrders(verdict);
  return { chao1: Math.round(atLeast), goodTuring: newShare };
}

/** Writes traces and scenarios of findings where the user asked for them. */
export function saveFindings(
  outcomes: readonly Outcome[],
  own: OwnProtocols,
  files: { readonly trace?: string; readonly save?: string },
): SavedFiles {
  const saved = new SavedFiles();
  const write = (first: string | undefined, index: number, text: () => string): void => {
    if (first !== undefined) saved.write(numbered(first, index), text());
  };
  const runs = outcomes.flatMap(({ result }) => result.run ?? []);
  for (const [index, { scenario, schedule }] of runs.entries()) {
    write(files.save, index, () => formatScenario(scenario, formatSchedule(schedule)));
    write(files.trace, index, () => traceOf(scenario, schedule, own));
  }
  return saved;
}

/** The trace of a run, as docs/trace-format.md has it. */
export function traceOf(
  scenario: Scenario,
  schedule: string | Schedule,
  { protocols }: OwnProtocols,
  rule: ReplayRule = "exact",
): string {
  return traceText(scenario, schedule, protocols, rule);
}

/** Who found it, after how much, and what it was shrunk to. */
export function describeFinding({ verdict, shrunk }: HuntResult): string {
  const { finding } = verdict;
  if (finding === null) return "";
  const found = `by ${finding.strategy} after ${counted(finding.runs, "schedule")}`;
  if (shrunk === null) return `${found}, with ${counted(finding.preemptions, "preemption")}`;
  const { tasks, operations, preemptions, isMinimal, isOneMinimal, cutBy } = shrunk;
  const size = [
    counted(tasks, "task"),
    counted(operations, "operation"),
    counted(preemptions, "preemption"),
  ].join(", ");
  const least = isMinimal ? ", and no fewer preemptions do" : "";
  const needed = isOneMinimal ? "; 1-minimal: each of them is needed" : "";
  const cut = cutBy === null ? "" : `; ${CUT[cutBy]}`;
  return `${found}; shrunk to ${size}${least}${needed}${cut}`;
}

const CUT = {
  schedules: "the budget of schedules cut the search for less off",
  stopped: "the search for less was stopped",
} as const;
