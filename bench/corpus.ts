/**
 * Checks every file of a corpus of histories whose verdicts are known, and prints the table.
 *
 *     npm run corpus -- DIR [--timeout=SECONDS]
 *
 * DIR/verdicts.csv names file, model and verdict. Exits with 1 if any verdict differs, an unknown
 * one included.
 */
import { checkRow, readCorpus } from "./corpus-rows.ts";

const TIMEOUT_S_DEFAULT = 60;

function main(words: readonly string[]): number {
  const directory = words.find((word) => !word.startsWith("-"));
  const timeout = words.find((word) => word.startsWith("--timeout="))?.split("=")[1];
  const rows = directory === undefined ? null : readCorpus(directory);
  if (directory === undefined || rows === null) {
    console.error("usage: npm run corpus -- DIR, where DIR holds verdicts.csv");
    return 2;
  }
  const timeoutMs = Number(timeout ?? TIMEOUT_S_DEFAULT) * 1000;
  console.log(lineOf(["file", "model", "ops", "verdict", "expected", "ms"]));
  let [wrong, sumMs] = [0, 0];
  for (const row of rows) {
    const result = checkRow(directory, row, timeoutMs);
    const { file, model, operations, verdict, expected, checkMs } = result;
    const isRight = verdict === expected;
    if (!isRight) wrong++;
    sumMs += checkMs;
    const cells = [file, model, String(operations), verdict, expected, checkMs.toFixed(2)];
    console.log(`${lineOf(cells)}${isRight ? "" : "  <-- differs"}`);
  }
  const tail = wrong === 0 ? "all as expected" : `${wrong} differ`;
  console.log(`\n${rows.length} histories, ${sumMs.toFixed(0)} ms of checking, ${tail}`);
  return wrong === 0 ? 0 : 1;
}

const WIDTHS = [52, 26, -6, 18, 18, -10];

/** A row of the table: negative widths are of columns of numbers. */
function lineOf(cells: readonly string[]): string {
  const padded = cells.map((cell, i) => {
    const width = WIDTHS[i] ?? 0;
    return width < 0 ? cell.padStart(-width) : cell.padEnd(width);
  });
  return padded.join(" ");
}

process.exitCode = main(process.argv.slice(2));
