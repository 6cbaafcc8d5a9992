import type { Command } from "commander";
import { recoverDirectory } from "../level/index.ts";
import { LatchworkError, printable } from "../task/index.ts";
import { DATABASE_EXIT_CODES_HELP, EXIT_FOUND } from "./exit.ts";
import { foldedText } from "./layout.ts";
import { coloured, print, printJson } from "./output.ts";
import { describeRecovery, recoveryJson } from "./recovery-text.ts";

interface RecoverFlags {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  latchwork recover people --dry-run
  latchwork recover people
`;

/** Adds the verb `recover`. */
export function addRecover(program: Command): void {
  program
    .command("recover")
    .summary("bring a database to its last durable state, or say how")
    .description(
      "Recovers a database that was not closed, as opening it does, and closes it. With " +
        "--dry-run all of that happens in memory, and the files stay as they are.",
    )
    .argument("<directory>", "the database")
    .option("--dry-run", "change nothing")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(recover);
}

async function recover(directory: string, flags: RecoverFlags): Promise<void> {
  const dryRun = flags.dryRun === true;
  try {
    const account = await recoverDirectory(directory, dryRun);
    const { redoLsn } = account;
    if (flags.json === true) {
      printJson({ directory, dryRun, ok: true, problem: null, ...recoveryJson(account, redoLsn) });
      return;
    }
    const word = coloured("green", dryRun ? "would recover" : "recovered");
    print(foldedText(`${word}: ${printable(directory)}\n${describeRecovery(account, redoLsn)}`));
  } catch (error) {
    if (!isDamage(error)) throw error;
    process.exitCode = EXIT_FOUND;
    if (flags.json === true) printJson({ directory, dryRun, ok: false, problem: error.message });
    else {
      const what = `${printable(directory)} cannot be opened\n  ${printable(error.message)}\n`;
      print(foldedText(`${coloured("red", "damaged")}: ${what}`));
    }
  }
}

/** Whether what is wrong is wrong with the database, and not with the call or with the disk. */
export function isDamage(error: unknown): error is LatchworkError {
  if (!(error instanceof LatchworkError)) return false;
  return ["BAD_PAGE", "BAD_LOG", "NO_SUCH_FILE", "BAD_PAGE_SIZE"].includes(error.code);
}
