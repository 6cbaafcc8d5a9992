import { Option } from "commander";
import { tablesOfDirectory } from "../level/index.ts";
import { checkTableName } from "../engine/tables/index.ts";
import { BadInput } from "./exit.ts";
import { printable } from "../task/index.ts";

/** The option of verbs that look at a database by which one table of it is named. */
export function tableOption(): Option {
  return new Option("--table <name>", "one table of a directory with several");
}

/**
 * Which tables of a directory are meant: the one that is named, or all; null if the directory is
 * not one for tables.
 *
 * @throws BadInput if it is not, and a table is named.
 */
export async function tablesMeant(
  directory: string,
  table: string | undefined,
): Promise<readonly string[] | null> {
  if (table !== undefined) checkTableName(table);
  const tables = await tablesOfDirectory(directory);
  if (tables !== null) return table === undefined ? tables.map(({ name }) => name) : [table];
  if (table === undefined) return null;
  throw new BadInput(`${directory} is not a directory with tables; leave --table out`);
}

/** What stands between the accounts of two tables: a line. */
export function between(table: string, tables: readonly string[]): string {
  return table === tables[0] ? "" : "\n";
}

/** What is printed where there is nothing to look at. */
export function noTables(directory: string): string {
  return `${printable(directory)} has no table yet\n`;
}
