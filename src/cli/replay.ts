import type { Command } from "commander";
import {
  formatStory,
  isReplayText,
  parseReplay,
  parseScenario,
  type Scenario,
  type Story,
  tellStory,
} from "../hunt/index.ts";
import { fileName, once } from "./arguments.ts";
import { BadInput, EXIT_CLEAN, EXIT_CODES_HELP, EXIT_FOUND } from "./exit.ts";
import { exists, nameOf, STANDARD_INPUT, writeText } from "./files.ts";
import { traceOf } from "./outcome.ts";
import { print, printJson } from "./output.ts";
import { checkPlaces } from "./places.ts";
import { inFile, readText } from "./scenario-file.ts";

interface ReplayFlags {
  readonly trace?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  latchwork replay 'LW1:protocol crabbing;...#4f09c2'
  latchwork replay found.txt --trace found.trace
`;

/** Adds the verb `replay`. */
export function addReplay(program: Command): void {
  program
    .command("replay")
    .summary("run one schedule again and tell its story")
    .description("Runs one schedule again, step by step, and tells its story.")
    .argument(
      "<run>",
      "a line LW1:... as hunts print it, or a file: that line, or a saved scenario",
    )
    .option("--trace <file>", "write the trace, one line an event", once(fileName))
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + EXIT_CODES_HELP)
    .action(replay);
}

function replay(run: string, flags: ReplayFlags): void {
  const { scenario, schedule } = readRun(run);
  checkPlaces(isReplayText(run) ? [] : [run], [["--trace", flags.trace]]);
  const tell = (): Story => tellStory(scenario, schedule);
  const story = isReplayText(run) ? tell() : inFile(run, tell);
  if (story.kind === null && story.drift !== null) {
    throw new BadInput(
      `replay: the schedule fits its scenario only up to step ${story.drift}; expected one that ` +
        "names tasks that can go on",
    );
  }
  if (flags.trace !== undefined) writeText(flags.trace, traceOf(story.replay));
  if (flags.json === true) printJson(story);
  else print(formatStory(story));
  process.exitCode = story.kind === null ? EXIT_CLEAN : EXIT_FOUND;
}

function readRun(run: string): { readonly scenario: Scenario; readonly schedule: string } {
  if (isReplayText(run)) return parseReplay(run);
  if (run !== STANDARD_INPUT && !exists(run)) {
    throw new BadInput(
      `replay: ${JSON.stringify(shortened(run))} is no file, nor a line that begins with LW1:`,
    );
  }
  const text = readText(run);
  return inFile(run, () => {
    if (isReplayText(text)) return parseReplay(text);
    const { scenario, schedule } = parseScenario(text);
    if (schedule === null) {
      throw new BadInput(
        `${nameOf(run)}: has no line "schedule ..."; hunt it, or replay a saved finding`,
      );
    }
    return { scenario, schedule };
  });
}

const SHOWN = 40;

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}
