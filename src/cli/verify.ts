import type { Command } from "commander";
import { verifyDirectory, type VerifyReport } from "../level/index.ts";
import { printable } from "../task/index.ts";
import { DATABASE_EXIT_CODES_HELP, EXIT_CLEAN, EXIT_FOUND } from "./exit.ts";
import { foldedText } from "./layout.ts";
import { coloured, counted, grouped, print, printJson } from "./output.ts";
import { Progress } from "./progress.ts";
import { describeRecovery, recoveryJson } from "./recovery-text.ts";

interface VerifyFlags {
  readonly force?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  latchwork verify people
  latchwork verify people --json
`;

/** Adds the verb `verify`. */
export function addVerify(program: Command): void {
  program
    .command("verify")
    .summary("check every byte of a database that matters")
    .description(
      "Checks a whole database without changing it: recovers it in memory, then checks the " +
        "checksum of each page in use and the tree of them.",
    )
    .argument("<directory>", "the database")
    .option("--force", "also while a process has it open, though its files change meanwhile")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(verify);
}

async function verify(directory: string, flags: VerifyFlags): Promise<void> {
  const progress = new Progress();
  const force = flags.force === true;
  let report: VerifyReport;
  try {
    report = await verifyDirectory(directory, {
      force,
      onProgress: ({ stage, done, total }) =>
        progress.show({ label: `verify: ${stage}`, noun: "pages", runs: done, runsMax: total }),
    });
  } finally {
    progress.clear();
  }
  process.exitCode = report.isSound ? EXIT_CLEAN : EXIT_FOUND;
  if (flags.json === true) printJson(reportJson(directory, report));
  else print(foldedText(reportText(directory, report)));
}

function reportText(directory: string, report: VerifyReport): string {
  const { isSound, problems, recovery, control, pages, pagesInUse } = report;
  if (!isSound) {
    const count = counted(problems.length, "problem");
    const lines = problems.map((problem) => `  ${printable(problem)}\n`).join("");
    return `${coloured("red", "damaged")}: ${printable(directory)}, ${count}\n${lines}`;
  }
  const size = control === null ? "" : ` of ${grouped(control.pageSize)} bytes`;
  const counts = `${counted(pages, "page")}${size}, ${grouped(pagesInUse)} in use`;
  const done = recovery === null ? "" : describeRecovery(recovery, control?.redoLsn ?? 0);
  return `${coloured("green", "sound")}: ${printable(directory)}, ${counts}\n${done}`;
}

function reportJson(directory: string, report: VerifyReport): object {
  const { isSound, problems, control, recovery, pages, pagesInUse } = report;
  return {
    directory,
    sound: isSound,
    problems,
    control,
    recovery: recovery === null ? null : recoveryJson(recovery, control?.redoLsn ?? 0),
    pages,
    pagesInUse,
  };
}
