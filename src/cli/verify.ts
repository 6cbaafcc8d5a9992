import type { Command } from "commander";
import {
  type PartitionFinding,
  type TableReport,
  verifyDirectory,
  type VerifyReport,
} from "../level/index.ts";
import { printable } from "../task/index.ts";
import { DATABASE_EXIT_CODES_HELP, EXIT_CLEAN, EXIT_FOUND } from "./exit.ts";
import { foldedText } from "./layout.ts";
import { coloured, counted, grouped, print, printJson } from "./output.ts";
import { Progress } from "./progress.ts";
import {
  describePartitions,
  describeRecovery,
  type PartitionRecovery,
  recoveryJson,
} from "./recovery-text.ts";
import { noTables, tableOption, tablesMeant } from "./which-tables.ts";

interface VerifyFlags {
  readonly table?: string;
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
    .addOption(tableOption())
    .option("--force", "also while a process has it open, though its files change meanwhile")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(verify);
}

async function verify(directory: string, flags: VerifyFlags): Promise<void> {
  const tables = await tablesMeant(directory, flags.table);
  if (tables !== null) {
    await verifyTables(directory, tables, flags);
    return;
  }
  const report = await reportOf(directory, flags, null);
  process.exitCode = report.isSound ? EXIT_CLEAN : EXIT_FOUND;
  if (flags.json === true) printJson(reportJson(directory, report));
  else print(foldedText(reportText(directory, report)));
}

async function verifyTables(
  directory: string,
  tables: readonly string[],
  flags: VerifyFlags,
): Promise<void> {
  const found: object[] = [];
  let sound = true;
  for (const table of tables) {
    // oxlint-disable-next-line no-await-in-loop -- each reads whole files
    const report = await reportOf(directory, flags, table);
    sound &&= report.isSound;
    if (flags.json === true) found.push({ table, ...reportJson(directory, report) });
    else print(foldedText(reportText(`${directory}, table ${table}`, report)));
  }
  process.exitCode = sound ? EXIT_CLEAN : EXIT_FOUND;
  if (flags.json === true) printJson({ directory, sound, tables: found });
  else if (tables.length === 0) print(foldedText(noTables(directory)));
}

async function reportOf(
  directory: string,
  flags: VerifyFlags,
  table: string | null,
): Promise<TableReport> {
  const progress = new Progress();
  const of = table === null ? "" : ` ${table}`;
  try {
    return await verifyDirectory(directory, {
      force: flags.force === true,
      ...(table === null ? {} : { table }),
      onProgress: ({ stage, done, total }) =>
        progress.show({
          label: `verify${of}: ${stage}`,
          noun: "pages",
          runs: done,
          runsMax: total,
        }),
    });
  } finally {
    progress.clear();
  }
}

function reportText(directory: string, report: TableReport): string {
  const { isSound, problems, recovery, control, pages, pagesInUse } = report;
  if (!isSound) {
    const count = counted(problems.length, "problem");
    const lines = problems.map((problem) => `  ${printable(problem)}\n`).join("");
    return `${coloured("red", "damaged")}: ${printable(directory)}, ${count}\n${lines}`;
  }
  const size = control === null ? "" : ` of ${grouped(control.pageSize)} bytes`;
  const counts = `${counted(pages, "page")}${size}, ${grouped(pagesInUse)} in use`;
  const done = recovery === null ? "" : describeRecovery(recovery, control?.redoLsn ?? 0);
  const each = describePartitions(report.inPartitions?.partitions.map(partitionOf) ?? []);
  return `${coloured("green", "sound")}: ${printable(directory)}, ${counts}\n${done}${each}`;
}

function partitionOf({ name, found }: PartitionFinding<VerifyReport>): PartitionRecovery {
  return { name, recovery: found.recovery, redoLsn: found.control?.redoLsn ?? 0 };
}

function reportJson(directory: string, report: TableReport): object {
  const { isSound, inPartitions, problems } = report;
  const whole = { directory, sound: isSound, problems, ...filesJson(report) };
  if (inPartitions === null) return whole;
  const partitions = inPartitions.partitions.map(({ name, found }) => {
    return { directory: name, ...filesJson(found) };
  });
  return { ...whole, partitions };
}

function filesJson({ control, recovery, pages, pagesInUse }: VerifyReport): object {
  const done = recovery === null ? null : recoveryJson(recovery, control?.redoLsn ?? 0);
  return { control, recovery: done, pages, pagesInUse };
}
