import type { Command } from "commander";
import {
  isReplayText,
  type ReplayRule,
  type Scenario,
  type Story,
  tellStory,
} from "../hunt/index.ts";
import { filmOfStory, storyPageOf } from "../lab/index.ts";
import { fileName } from "./arguments.ts";
import { BadInput, EXIT_CLEAN, EXIT_CODES_HELP, EXIT_FOUND } from "./exit.ts";
import { nameOf } from "./files.ts";
import { finish, standAt, standAtStart } from "./finish.ts";
import { readGivenRun } from "./given-run.ts";
import { foldedText, textWidth } from "./layout.ts";
import { printStory, traceOf } from "./outcome.ts";
import { counted, outliveOutput, print, printJson } from "./output.ts";
import { checkPlaces } from "./places.ts";
import {
  loadProtocols,
  type OwnProtocols,
  PROTOCOL_FILE_HELP,
  refuseUnknown,
  replayOptions,
} from "./protocol-file.ts";
import { SavedFiles } from "./saved-files.ts";
import { inFile } from "./scenario-file.ts";

interface ReplayFlags {
  readonly protocol?: string;
  readonly protocolFile?: string;
  readonly trace?: string;
  readonly html?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Under another protocol a schedule is followed as far as that can be: where its
task cannot go on, for it waits or has ended, the rest of its steps in a row is
left out and the schedule's next task goes on; once the schedule is used up,
every task goes on to its end.

Examples:
  latchwork replay 'LW1:protocol crabbing;...#4f09c2'
  latchwork replay 'LW1:protocol crabbing;bug C1;...#503e6a' --protocol crabbing
  latchwork replay found.txt --trace found.trace --html found.html
`;

/** Adds the verb `replay`. */
export function addReplay(program: Command): void {
  program
    .command("replay")
    .summary("run one schedule again and print its story")
    .description("Runs one schedule again, step by step, and prints its story.")
    .argument(
      "<run>",
      "a line LW1:... as hunts print it, or a file: that line, or a saved scenario",
    )
    .option("--protocol <name>", "run its schedule under this protocol, without its bug")
    .option("--protocol-file <file>", PROTOCOL_FILE_HELP)
    .option("--trace <file>", "write the trace, JSON lines for tools", fileName)
    .option("--html <file>", "write a page that tells the story step by step", fileName)
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + EXIT_CODES_HELP)
    .action(replay);
}

async function replay(run: string, flags: ReplayFlags): Promise<void> {
  standAtStart();
  const own = await loadProtocols(flags.protocolFile);
  const { scenario, schedule } = readRun(run);
  const other = otherProtocol(scenario, flags, own);
  checkPlaces(isReplayText(run) ? [] : [run], [
    ["--trace", flags.trace],
    ["--html", flags.html],
  ]);
  const make = (): Story => storyOf(scenario, schedule, other, own);
  const story = isReplayText(run) ? make() : inFile(run, make);
  const saved = new SavedFiles();
  if (flags.trace !== undefined) {
    const [traced, rule] = underProtocol(scenario, other);
    saved.write(flags.trace, traceOf(traced, schedule, own, rule));
  }
  if (flags.html !== undefined) {
    saved.write(flags.html, pageOf(underProtocol(scenario, other)[0], story, own));
  }
  const isFound = story.kind !== null;
  standAt({ isDone: true, isFound, isInterrupted: false });
  outliveOutput();
  if (flags.json === true) printJson({ ...story, wrote: saved.written });
  else {
    const shown = other === null ? story : { ...story, drift: null };
    printStory(shown, own);
    if (other !== null) print(`\n${foldedText(followedText(scenario, story), textWidth())}\n`);
    saved.print();
  }
  await finish(isFound ? EXIT_FOUND : EXIT_CLEAN, saved.unwritten);
}

/** The protocol to run in place of the run's own, with its bug; null for none. */
function otherProtocol(
  { protocol, bug }: Scenario,
  flags: ReplayFlags,
  { path, protocols }: OwnProtocols,
): string | null {
  const names = protocols.map(({ name }) => name);
  if (flags.protocol !== undefined) {
    return flags.protocol === protocol && bug === null ? null : flags.protocol;
  }
  if (names.length === 0 || names.includes(protocol)) return null;
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) return only;
  throw new BadInput(
    `${nameOf(path ?? "")}: has several protocols, and the run is of ${protocol}; ` +
      `give --protocol and one of ${names.join(", ")}`,
  );
}

/** The scenario that is run, and how its schedule is followed, if another protocol is to run it. */
function underProtocol(scenario: Scenario, other: string | null): [Scenario, ReplayRule] {
  if (other === null) return [scenario, "exact"];
  return [{ ...scenario, protocol: other, bug: null }, "loose"];
}

function storyOf(
  scenario: Scenario,
  schedule: string,
  other: string | null,
  { protocols }: OwnProtocols,
): Story {
  refuseUnknown(other ?? scenario.protocol, protocols);
  const [followed, rule] = underProtocol(scenario, other);
  const story = tellStory(followed, schedule, protocols, rule);
  if (other !== null || story.kind !== null || story.drift === null) return story;
  throw new BadInput(
    `replay: the schedule fits its scenario only up to step ${story.drift}; expected one that ` +
      "names tasks that can go on",
  );
}

function pageOf(scenario: Scenario, story: Story, own: OwnProtocols): string {
  return storyPageOf({
    scenario,
    story,
    film: filmOfStory(scenario, story, own.protocols),
    replayOptions: replayOptions(own, story.protocol),
  });
}

/** How far the schedule of one protocol could be followed under another. */
function followedText({ protocol, bug }: Scenario, { drift }: Story): string {
  const origin = bug === null ? protocol : `${protocol} with bug ${bug}`;
  if (drift === null) return `note: the schedule of a run under ${origin} was followed to its end`;
  return (
    `note: the schedule of a run under ${origin} was followed for ${counted(drift, "step")}; ` +
    "from there on, where its task could not go on, the next one did, and at its end all did"
  );
}

function readRun(run: string): { readonly scenario: Scenario; readonly schedule: string } {
  const { scenario, schedule } = readGivenRun("replay", run);
  if (schedule !== null) return { scenario, schedule };
  throw new BadInput(
    `${nameOf(run)}: has no line "schedule ..."; hunt it, or replay a saved finding`,
  );
}
