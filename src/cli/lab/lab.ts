import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { ScenarioFile } from "../../hunt/index.ts";
import { formatLink } from "../../lab/index.ts";
import { parseSchedule } from "../../sim/index.ts";
import { wholeNumber } from "../arguments.ts";
import { BadInput, EXIT_INTERRUPTED } from "../exit.ts";
import { readGivenRun } from "../given-run.ts";
import { outliveOutput, print } from "../output.ts";
import { endProcess, standFor } from "../process-end.ts";
import { LabServer } from "./lab-server.ts";
import { openBrowser } from "./open-browser.ts";
import { LAB_PATH, siteOf } from "./site.ts";

interface LabFlags {
  readonly port: number;
  readonly open?: boolean;
  readonly at?: number;
  readonly json?: boolean;
}

const DIST = fileURLToPath(new URL("../..", import.meta.url));
const PORT_MOST = 65_535;
/** As far as links can say it. */
const STEP_MOST = 999_999_999;
const EXIT_TERMINATED = 143;

const EXAMPLES = `
Examples:
  latchwork lab
  latchwork lab --open
  latchwork lab scenarios/smallest_split.txt --open
  latchwork lab 'LW1:protocol crabbing;bug C1;...#503e6a' --at 6

Exit codes:
  2    bad input, the port cannot be listened at, or the page is not built
  70   a bug in latchwork itself
  130  ended by Ctrl-C, 143 by SIGTERM
`;

/** Adds the verb `lab`. */
export function addLab(program: Command): void {
  program
    .command("lab")
    .summary("decide yourself, in the browser, who moves next")
    .description(
      "Serves the lab to the browsers of this machine until Ctrl-C: a tree, its latches and its " +
        "tasks, step by step, with you as the scheduler. docs/lab.md describes it.",
    )
    .argument(
      "[run]",
      "what to open it with: a line LW1:... as hunts print it, or a file: that line, or a scenario",
    )
    .option("--port <number>", "port to listen at, 0 for any", wholeNumber(0, PORT_MOST), 0)
    .option("--at <step>", "open it as it was after that step", wholeNumber(0, STEP_MOST))
    .option("--open", "open it in the browser")
    .option("--json", "print the address as JSON and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(lab);
}

async function lab(run: string | undefined, flags: LabFlags): Promise<void> {
  // Nobody need read the address for the page to be served.
  outliveOutput();
  if (run === undefined && flags.at !== undefined) throw new BadInput("lab: --at needs a run");
  const fragment = run === undefined ? "" : fragmentOf(readGivenRun("lab", run), flags.at ?? 0);
  const site = siteOf(DIST);
  const server = new LabServer(site);
  const ended = firstSignal();
  const root = await server.start(flags.port);
  const address = `${root}${LAB_PATH}${fragment}`;
  if (flags.json === true) print(`${JSON.stringify({ address })}\n`);
  else {
    print(`the lab is at ${address}\n`);
    if (site.hasDocs) print(`the docs are at ${root}/\n`);
    print("Ctrl-C ends it\n");
  }
  if (flags.open === true) openBrowser(address, tellNotOpened);
  const code = await ended;
  await server.stop();
  standFor(code);
}

/** What stands behind the address of the lab for it to open with a run, after one of its steps. */
function fragmentOf({ scenario, schedule }: ScenarioFile, at: number): string {
  const run = { scenario, schedule: parseSchedule(schedule ?? ""), cursor: at };
  return `#${formatLink({ run, level: null, beside: null, tab: null, code: null })}`;
}

/** The exit code for the first signal that asks for an end; a second one ends it at once. */
function firstSignal(): Promise<number> {
  return new Promise((resolve) => {
    const end = (signal: NodeJS.Signals, code: number): void => {
      process.once(signal, () => {
        process.once(signal, () => endProcess(code));
        resolve(code);
      });
    };
    end("SIGINT", EXIT_INTERRUPTED);
    end("SIGTERM", EXIT_TERMINATED);
  });
}

function tellNotOpened(why: string): void {
  process.stderr.write(`latchwork: the browser could not be opened: ${why}\n`);
}
