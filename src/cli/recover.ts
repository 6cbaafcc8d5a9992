import type { Command } from "commander";
import { type PartitionFinding, type Recovered, recoverDirectory } from "../level/index.ts";
import { LatchworkError, printable } from "../task/index.ts";
import { DATABASE_EXIT_CODES_HELP, EXIT_FOUND } from "./exit.ts";
import { foldedText } from "./layout.ts";
import { coloured, print, printJson } from "./output.ts";
import {
  describePartitions,
  describeRecovery,
  type PartitionRecovery,
  recoveryJson,
} from "./recovery-text.ts";
import { noTables, tableOption, tablesMeant } from "./which-tables.ts";

interface RecoverFlags {
  readonly table?: string;
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
    .addOption(tableOption())
    .option("--dry-run", "change nothing")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(recover);
}

async function recover(directory: string, flags: RecoverFlags): Promise<void> {
  const tables = await tablesMeant(directory, flags.table);
  if (tables !== null) {
    await recoverTables(directory, tables, flags);
    return;
  }
  const outcome = await outcomeOf(directory, flags, null);
  if (!outcome.ok) process.exitCode = EXIT_FOUND;
  if (flags.json === true) printJson({ directory, ...outcome.json });
  else print(foldedText(outcome.text));
}

async function recoverTables(
  directory: string,
  tables: readonly string[],
  flags: RecoverFlags,
): Promise<void> {
  const found: object[] = [];
  let ok = true;
  for (const table of tables) {
    // oxlint-disable-next-line no-await-in-loop -- each takes the lock
    const outcome = await outcomeOf(directory, flags, table);
    ok &&= outcome.ok;
    if (flags.json === true) found.push({ table, ...outcome.json });
    else print(foldedText(outcome.text));
  }
  if (!ok) process.exitCode = EXIT_FOUND;
  if (flags.json === true) {
    printJson({ directory, dryRun: flags.dryRun === true, ok, tables: found });
  } else if (tables.length === 0) print(foldedText(noTables(directory)));
}

/** What came of one recovery. */
interface Outcome {
  readonly ok: boolean;
  readonly text: string;
  readonly json: object;
}

async function outcomeOf(
  directory: string,
  flags: RecoverFlags,
  table: string | null,
): Promise<Outcome> {
  const dryRun = flags.dryRun === true;
  const what = `${printable(directory)}${table === null ? "" : `, table ${table}`}`;
  try {
    const which = table === null ? {} : { table };
    const account = await recoverDirectory(directory, dryRun, which);
    const { redoLsn } = account;
    const word = coloured("green", dryRun ? "would recover" : "recovered");
    const partitions = account.inPartitions?.partitions ?? null;
    const done =
      partitions === null
        ? describeRecovery(account, redoLsn)
        : describePartitions(partitions.map(partitionOf));
    const each = partitions?.map(({ name, found }) => {
      return { directory: name, ...recoveryJson(found, found.redoLsn) };
    });
    return {
      ok: true,
      text: `${word}: ${what}\n${done}`,
      json: {
        dryRun,
        ok: true,
        problem: null,
        ...recoveryJson(account, redoLsn),
        ...(each === undefined ? {} : { partitions: each }),
      },
    };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const { message } = error;
    const lines = `${what} cannot be opened\n  ${printable(message)}\n`;
    const text = `${coloured("red", "damaged")}: ${lines}`;
    return { ok: false, text, json: { dryRun, ok: false, problem: message } };
  }
}

function partitionOf({ name, found }: PartitionFinding<Recovered>): PartitionRecovery {
  return { name, recovery: found, redoLsn: found.redoLsn };
}

/** Whether what is wrong is wrong with the database, and not with the call or with the disk. */
export function isDamage(error: unknown): error is LatchworkError {
  if (!(error instanceof LatchworkError)) return false;
  return ["BAD_PAGE", "BAD_LOG", "BAD_RUN", "NO_SUCH_FILE", "BAD_PAGE_SIZE"].includes(error.code);
}
