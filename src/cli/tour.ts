import type { Command } from "commander";
import { bugNamed, huntScenario, scenarioOfBug, type Story, tellStory } from "../hunt/index.ts";
import { defaultPortfolio } from "../sim/index.ts";
import { Interrupt } from "./drive.ts";
import { EXIT_CLEAN, EXIT_CODES_HELP, EXIT_FOUND, EXIT_INTERRUPTED } from "./exit.ts";
import { foldedText, paragraph, textWidth } from "./layout.ts";
import { finish, standAtStart } from "./finish.ts";
import { JsonStream, outliveOutput, print } from "./output.ts";
import { printStory } from "./outcome.ts";
import { NO_OWN } from "./protocol-file.ts";
import { isAsExpected, surveyRows } from "./survey-table.ts";

// With this seed a thousand schedules find every bug, which takes half a minute.
const RUNS_MAX = 1000;
const SEED = "2";
const BUG_SHOWN = "C1";

const GREETING =
  "Latchwork runs a real B+ tree under a scheduler that decides every interleaving. It now hunts " +
  "every planted bug, and looks for bugs in every right protocol.";

const NEXT = `
What to try next:
  latchwork replay 'LW1:...' --protocol crabbing   that schedule, done right
  latchwork hunt --protocol crabbing               random scenarios
  latchwork hunt scenarios/*.txt --exhaustive --preemptions 2
  latchwork bugs C5, latchwork hunt --bug C5       a deadlock
  latchwork help                                   everything else
From a clone, latchwork is: node dist/cli/main.js
`;

const EXAMPLES = `
Example:
  latchwork tour
`;

/** Adds the verb `tour`. */
export function addTour(program: Command): void {
  program
    .command("tour")
    .summary("see what it can do, in half a minute")
    .description("Hunts every bug and every right protocol, prints the table and one story.")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + EXIT_CODES_HELP)
    .action(tour);
}

async function tour(flags: { readonly json?: boolean }): Promise<void> {
  standAtStart();
  const interrupt = new Interrupt();
  outliveOutput();
  const json = flags.json === true ? new JsonStream("rows") : null;
  if (json === null) print(`${paragraph(GREETING)}\n\n`);
  const wish = { seed: SEED, runsMax: RUNS_MAX, workers: 1, json, own: NO_OWN };
  const { rows } = await surveyRows(wish, interrupt);
  const ok = isAsExpected(rows, interrupt);
  const story = interrupt.isRequested ? null : storyToTell();
  json?.end({ ok, interrupted: interrupt.isRequested, story });
  if (json === null && story !== null) {
    print(`\n${paragraph(`The story of ${BUG_SHOWN}, as a hunt prints it:`)}\n\n`);
    printStory(story, NO_OWN);
    print(foldedText(NEXT, textWidth()));
  }
  if (interrupt.isRequested) await finish(EXIT_INTERRUPTED);
  else await finish(ok ? EXIT_CLEAN : EXIT_FOUND);
}

function storyToTell(): Story | null {
  const { run } = huntScenario(scenarioOfBug(bugNamed(BUG_SHOWN)), {
    seed: SEED,
    runsMax: RUNS_MAX,
    strategies: defaultPortfolio,
    shrink: { runsMax: RUNS_MAX },
  });
  return run === null ? null : tellStory(run.scenario, run.schedule);
}
