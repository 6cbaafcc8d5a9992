/**
 * `npm run bench:protocols`: every latch protocol in virtual time, on 1 to 64 simulated cores, and
 * in real time on the event loop. docs/comparison.md says what is measured, and what came of it.
 *
 *     npm run bench:protocols -- [--virtual | --real] [--full] [--study=NAME] [--rounds=5]
 *                                [--csv=FILE] [--docs=FOLDER]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { acceptWords, numberOption, wordOption } from "./options.ts";
import { commitName, machineLine } from "./origin.ts";
import { Progress } from "./progress.ts";
import { csvOf } from "./protocols/csv.ts";
import { Plots } from "./protocols/plots.ts";
import { runRealTime } from "./protocols/run-real-time.ts";
import { runStudies } from "./protocols/run-studies.ts";
import {
  DEFAULT_EXTENT,
  FULL_EXTENT,
  type Measured,
  planStudies,
  STUDIES,
} from "./protocols/studies.ts";
import { realTablesOf, tablesOf } from "./protocols/tables.ts";

const USAGE = `npm run bench:protocols -- [--virtual] [--real] [--full] [--study=NAME] [--rounds=5]
                           [--csv=FILE] [--docs=FOLDER]`;
const INTERRUPTED = 130;
const ROUNDS = 5;
const FULL_ROUNDS = 15;

const TABLES_HEAD = `# Latch protocols, measured: all tables

What \`npm run bench:protocols -- --virtual --docs=docs/comparison\` wrote; what was measured, and what
follows from it, is in [the comparison](../comparison.md). Waits, restarts and the like are counts for one
operation.`;

async function main(words: readonly string[]): Promise<void> {
  acceptWords(words, USAGE);
  let isInterrupted = false;
  process.on("SIGINT", () => {
    isInterrupted = true;
    Progress.say("");
  });
  const csv = wordOption(words, "csv");
  // Before all is measured and there is nowhere to put it.
  if (csv !== undefined) writeFileSync(csv, "");
  refuseUnknownStudy(wordOption(words, "study"));
  console.log(`${machineLine()}\ncommit ${commitName()}\n`);
  const isBoth = !words.includes("--virtual") && !words.includes("--real");
  const isFull = words.includes("--full");
  const interrupted = (): boolean => isInterrupted;
  if (isBoth || words.includes("--virtual")) await virtualPart(words, isFull, interrupted);
  if (!isInterrupted && (isBoth || words.includes("--real"))) {
    const rounds = numberOption(words, "rounds", isFull ? FULL_ROUNDS : ROUNDS);
    console.log(`real time: ${rounds} rounds, each protocol over the first in the same round\n`);
    const figures = await runRealTime(DEFAULT_EXTENT.protocols, rounds, interrupted);
    console.log(`${realTablesOf(figures)}\n`);
  }
  if (isInterrupted) process.exitCode = INTERRUPTED;
}

async function virtualPart(
  words: readonly string[],
  isFull: boolean,
  isInterrupted: () => boolean,
): Promise<void> {
  const study = wordOption(words, "study");
  const plans = planStudies(isFull ? FULL_EXTENT : DEFAULT_EXTENT).filter(
    (plan) => study === undefined || plan.study === study,
  );
  const measured = await runStudies(plans, isInterrupted);
  console.log(`virtual time, seed 1, one run each: the same on every machine\n`);
  console.log(`${tablesOf(measured)}\n`);
  if (isInterrupted()) {
    console.error(`interrupted after ${measured.length} of ${plans.length} runs in virtual time`);
  }
  const csv = wordOption(words, "csv");
  if (csv !== undefined) writeFileSync(csv, csvOf(measured));
  const docs = wordOption(words, "docs");
  if (docs !== undefined && !isInterrupted()) await writeDocs(docs, measured);
}

function refuseUnknownStudy(study: string | undefined): void {
  if (study === undefined || STUDIES.some((name) => name === study)) return;
  console.error(`--study: expected one of ${STUDIES.join(", ")}, found ${JSON.stringify(study)}`);
  process.exit(2);
}

/** Writes what docs/comparison.md shows and links to: a page of tables, and the plots. */
async function writeDocs(folder: string, measured: readonly Measured[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tables.md"), `${TABLES_HEAD}\n\n${tablesOf(measured)}\n`);
  const plots = await Plots.load(DEFAULT_EXTENT.protocols);
  for (const { name, svg } of plots.drawAll(measured)) {
    writeFileSync(join(folder, `${name}.svg`), svg);
  }
}

await main(process.argv.slice(2));
