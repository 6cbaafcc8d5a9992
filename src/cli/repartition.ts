import type { Command } from "commander";
import { PARTITIONS_MAX, repartitionDirectory, type RepartitionReport } from "../level/index.ts";
import { printable } from "../task/index.ts";
import { wholeNumber } from "./arguments.ts";
import { DATABASE_EXIT_CODES_HELP, EXIT_FOUND } from "./exit.ts";
import { foldedText } from "./layout.ts";
import { coloured, counted, grouped, print, printJson } from "./output.ts";
import { Progress } from "./progress.ts";
import { isDamage } from "./recover.ts";
import { tableOption } from "./which-tables.ts";

interface RepartitionFlags {
  readonly partitions: number;
  readonly table?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  latchwork repartition people --partitions 8
  latchwork repartition people --partitions 1
  latchwork repartition shop --table orders --partitions 4
`;

/** Adds the verb `repartition`. */
export function addRepartition(program: Command): void {
  program
    .command("repartition")
    .summary("divide a database into another number of partitions")
    .description(
      "Divides a database into another number of partitions, while no process has it open. The " +
        "new ones are built beside the old, which needs as much space again, and count from one " +
        "moment on: if it is interrupted, the directory holds the old database or the new one, " +
        "and the rest is removed when it is opened next.",
    )
    .argument("<directory>", "the database")
    .requiredOption(
      "--partitions <n>",
      `how many there are to be, 1 to ${PARTITIONS_MAX}`,
      wholeNumber(1, PARTITIONS_MAX),
    )
    .addOption(tableOption())
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(repartition);
}

async function repartition(directory: string, flags: RepartitionFlags): Promise<void> {
  const { table = null } = flags;
  const progress = new Progress();
  try {
    const report = await repartitionDirectory(directory, {
      partitions: flags.partitions,
      ...(table === null ? {} : { table }),
      onProgress: ({ stage, done, total }) =>
        progress.show({ label: `repartition: ${stage}`, noun: "rows", runs: done, runsMax: total }),
    });
    progress.clear();
    if (flags.json === true) printJson({ directory, table, ok: true, problem: null, ...report });
    else print(foldedText(reportText(nameOf(directory, table), report)));
  } catch (error) {
    if (!isDamage(error)) throw error;
    process.exitCode = EXIT_FOUND;
    progress.clear();
    if (flags.json === true) printJson({ directory, table, ok: false, problem: error.message });
    else {
      const what = `${nameOf(directory, table)} cannot be opened\n  ${printable(error.message)}\n`;
      print(foldedText(`${coloured("red", "damaged")}: ${what}`));
    }
  } finally {
    progress.clear();
  }
}

function nameOf(directory: string, table: string | null): string {
  return `${printable(directory)}${table === null ? "" : `, table ${printable(table)}`}`;
}

function reportText(name: string, report: RepartitionReport): string {
  const { partitionsBefore, partitions, copied } = report;
  const now = counted(partitions, "partition");
  if (copied === null) return `${coloured("green", "unchanged")}: ${name} has ${now} already\n`;
  const { rows, bytes, rowsOfEach } = copied;
  const [least, most] = [Math.min(...rowsOfEach), Math.max(...rowsOfEach)];
  const each = partitions === 1 ? "" : `, ${grouped(least)} to ${grouped(most)} a partition`;
  return (
    `${coloured("green", "repartitioned")}: ${name}, ${grouped(partitionsBefore)} before, ` +
    `${now} now\n  ${counted(rows, "row")} copied and compared, ${counted(bytes, "byte")}${each}\n`
  );
}
