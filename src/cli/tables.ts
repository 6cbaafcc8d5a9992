import type { Command } from "commander";
import { type TableListing, tablesOfDirectory } from "../level/index.ts";
import { printable } from "../task/index.ts";
import { BadInput, DATABASE_EXIT_CODES_HELP } from "./exit.ts";
import { foldedText, table } from "./layout.ts";
import { counted, grouped, print, printJson } from "./output.ts";

const EXAMPLES = `
Examples:
  latchwork tables shop
  latchwork tables shop --json
`;

/** Adds the verb `tables`. */
export function addTables(program: Command): void {
  program
    .command("tables")
    .summary("list the tables of a database")
    .description(
      "Lists the tables of a directory that has several: name, directory, partitions, page size, " +
        "and what each was made with. Only reads, also beside a process that has it open.",
    )
    .argument("<directory>", "the database")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(tables);
}

async function tables(directory: string, flags: { readonly json?: boolean }): Promise<void> {
  const found = await tablesOfDirectory(directory);
  if (found === null) {
    const what = "is not a directory with tables: it holds one database, or none";
    throw new BadInput(`${directory} ${what}; latchwork inspect shows it`);
  }
  if (flags.json === true) {
    printJson({ directory, tables: found });
    return;
  }
  print(foldedText(`${printable(directory)}: ${counted(found.length, "table")}\n`));
  if (found.length === 0) return;
  const head = ["name", "directory", "partitions", "page size", "made with"];
  print(`\n${table([head, ...found.map(rowOf)], { right: [2, 3], flexible: [4] })}`);
}

function rowOf(listing: TableListing): string[] {
  const { name, directory, partitions, pageSize, stored } = listing;
  const made = Object.entries(stored).map(([option, value]) => `${option} ${valueText(value)}`);
  return [
    name,
    directory,
    partitions === null ? "?" : grouped(partitions),
    pageSize === null ? "?" : grouped(pageSize),
    made.join(", "),
  ];
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
