/**
 * `npm run bench:protocols`: every latch protocol in virtual time, on 1 to 64 simulated cores, and
 * in real time on the event loop. docs/comparison.md says what is measured, and what came of it.
 *
 *     npm run bench:protocols -- [--virtual | --real] [--full] [--study=NAME] [--csv=FILE]
 */
import { writeFileSync } from "node:fs";
import { acceptWords, wordOption } from "./options.ts";
import { commitName, machineLine } from "./origin.ts";
import { Progress } from "./progress.ts";
import { csvOf } from "./protocols/csv.ts";
import { runStudies } from "./protocols/run-studies.ts";
import { DEFAULT_EXTENT, FULL_EXTENT, planStudies } from "./protocols/studies.ts";
import { tablesOf } from "./protocols/tables.ts";

const USAGE = `npm run bench:protocols -- [--virtual] [--real] [--full] [--study=NAME] [--csv=FILE]`;
const INTERRUPTED = 130;

async function main(words: readonly string[]): Promise<void> {
  acceptWords(words, USAGE);
  let isInterrupted = false;
  process.on("SIGINT", () => {
    isInterrupted = true;
    Progress.say("");
  });
  console.log(`${machineLine()}\ncommit ${commitName()}\n`);
  const study = wordOption(words, "study");
  const plans = planStudies(words.includes("--full") ? FULL_EXTENT : DEFAULT_EXTENT).filter(
    (plan) => study === undefined || plan.study === study,
  );
  const measured = await runStudies(plans, () => isInterrupted);
  console.log(tablesOf(measured));
  const csv = wordOption(words, "csv");
  if (csv !== undefined) writeFileSync(csv, csvOf(measured));
  if (isInterrupted) {
    console.error(`interrupted after ${measured.length} of ${plans.length} runs`);
    process.exitCode = INTERRUPTED;
  }
}

await main(process.argv.slice(2));
