import type { Command } from "commander";
import {
  type DirectoryInspection,
  HASH_NAME,
  type InPartitions,
  inspectDirectory,
  type Inspection,
  type LockHolder,
  type LogSummary,
  type PagesSummary,
} from "../level/index.ts";
import { printable } from "../task/index.ts";
import type { Control, SegmentReport } from "../wal/index.ts";
import { DATABASE_EXIT_CODES_HELP, EXIT_CLEAN, EXIT_FOUND } from "./exit.ts";
import { foldedText, lineWidth, table } from "./layout.ts";
import { coloured, counted, grouped, print, printJson } from "./output.ts";
import { between, noTables, tableOption, tablesMeant } from "./which-tables.ts";

const EXAMPLES = `
Examples:
  latchwork inspect people
  latchwork inspect people --json
`;

/** Adds the verb `inspect`. */
export function addInspect(program: Command): void {
  program
    .command("inspect")
    .summary("show what the files of a database say")
    .description(
      "Shows what the files of a database say: control file, pages, tree, log, and which process " +
        "has it open. Only reads, also beside a process that has it open.",
    )
    .argument("<directory>", "the database")
    .addOption(tableOption())
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + DATABASE_EXIT_CODES_HELP)
    .action(inspect);
}

interface InspectFlags {
  readonly table?: string;
  readonly json?: boolean;
}

async function inspect(directory: string, flags: InspectFlags): Promise<void> {
  const tables = await tablesMeant(directory, flags.table);
  if (tables !== null) {
    await inspectTables(directory, tables, flags);
    return;
  }
  const inspection = await inspectDirectory(directory);
  process.exitCode = inspection.damage.length === 0 ? EXIT_CLEAN : EXIT_FOUND;
  if (flags.json === true) printJson(inspectionJson(directory, inspection));
  else print(foldedText(inspectionText(directory, inspection)));
}

async function inspectTables(
  directory: string,
  tables: readonly string[],
  flags: InspectFlags,
): Promise<void> {
  const found: object[] = [];
  let isDamaged = false;
  for (const name of tables) {
    // oxlint-disable-next-line no-await-in-loop -- each reads whole files
    const inspection = await inspectDirectory(directory, { table: name });
    isDamaged ||= inspection.damage.length > 0;
    if (flags.json === true) found.push({ table: name, ...inspectionJson(directory, inspection) });
    else
      print(foldedText(`${between(name, tables)}${inspectionText(directory, inspection, name)}`));
  }
  process.exitCode = isDamaged ? EXIT_FOUND : EXIT_CLEAN;
  if (flags.json === true) printJson({ directory, tables: found });
  else if (tables.length === 0) print(foldedText(noTables(directory)));
}

function inspectionText(
  directory: string,
  inspection: DirectoryInspection,
  tableName: string | null = null,
): string {
  const { control, pages, log, holder, isRecoveryDue, damage } = inspection;
  const parts = [`database  ${printable(directory)}\n`, `lock      ${holderText(holder)}\n`];
  if (tableName !== null) parts.unshift(`table     ${tableName}\n`);
  if (control !== null) parts.push(controlText(control));
  if (log !== null) parts.push(`recovery  ${dueText(log, holder, isRecoveryDue)}\n`);
  if (inspection.inPartitions !== null) parts.push(partitionsText(inspection.inPartitions));
  if (pages !== null) parts.push(`\n${pagesText(pages, isRecoveryDue)}`);
  if (log !== null) parts.push(`\n${logText(log)}`);
  if (damage.length === 0) return `${parts.join("")}\n${coloured("green", "no damage found")}\n`;
  const lines = damage.map((line) => `  ${printable(line)}\n`).join("");
  const found = coloured("red", "damage found");
  return `${parts.join("")}\n${found}: ${counted(damage.length, "problem")}\n${lines}`;
}

function holderText(holder: LockHolder | null): string {
  if (holder === null) return "nobody has it open";
  const { pid, host, life } = holder;
  if (life === "alive") return `process ${pid} has it open: what follows may change any moment`;
  if (life === "dead") return `process ${pid} had it open and is gone`;
  return `process ${pid} of machine ${printable(JSON.stringify(host))} may have it open`;
}

function controlText(control: Control): string {
  const { formatVersion, pageSize, mostEntries, redoLsn, checkpoints } = control;
  const most = mostEntries === 0 ? "" : ` with at most ${mostEntries} entries`;
  return (
    `control   format ${formatVersion}, pages of ${grouped(pageSize)} bytes${most}, ` +
    `redo from ${grouped(redoLsn)}, ${counted(checkpoints, "checkpoint")}\n`
  );
}

function dueText(log: LogSummary, holder: LockHolder | null, isDue: boolean): string {
  if (!isDue) return "none is due: the log ends where redo begins";
  const groups = `${counted(log.groups, "group")} from ${grouped(log.redoLsn)} on`;
  const would = holder?.life === "alive" ? "would be due were it killed now" : "is due";
  return `${would}: ${groups}; latchwork recover --dry-run says more`;
}

/** A line for each partition: what of a whole database takes a table. */
function partitionsText({ layout, partitions }: InPartitions<Inspection>): string {
  const size = partitions[0]?.found.control?.pageSize ?? 0;
  const rows = partitions.map(({ name, found: { pages, log, isRecoveryDue } }) => [
    name,
    pages === null ? "-" : grouped(pages.inUse),
    pages === null ? "-" : grouped(pages.levels.at(-1)?.entries ?? 0),
    pages === null ? "-" : grouped(pages.height),
    log === null ? "-" : grouped(log.redoLsn),
    log === null ? "-" : grouped(log.endLsn),
    log !== null && isRecoveryDue ? `${counted(log.groups, "group")} to redo` : "",
  ]);
  const head = ["directory", "pages", "entries", "levels", "redo from", "log to", ""];
  const width = lineWidth() - INDENT.length;
  const of = `${counted(layout.partitions, "partition")}, generation ${layout.generation}`;
  return (
    `divided   ${of}, by ${HASH_NAME}, pages of ${grouped(size)} bytes\n\n` +
    indented(table([head, ...rows], { right: [1, 2, 3, 4, 5], flexible: [6], width }))
  );
}

function pagesText(pages: PagesSummary, isRecoveryDue: boolean): string {
  const of = isRecoveryDue ? ", as of the last checkpoint and since" : "";
  const all = counted(pages.pages, "page");
  const counts = `${all}, ${grouped(pages.inUse)} in use, ${grouped(pages.free)} free`;
  const width = lineWidth() - INDENT.length;
  const rows = pages.levels.map(({ level, pages: count, entries, fill }) => [
    `${level}${level === 0 ? " (leaves)" : ""}`,
    grouped(count),
    grouped(entries),
    `${Math.round(fill * 100)}%`,
  ]);
  return (
    `pages     ${counts}, ${counted(pages.bytes, "byte")}${of}\n` +
    `tree      ${counted(pages.height, "level")}, root is page ${pages.root}\n` +
    indented(table([["level", "pages", "entries", "fill"], ...rows], { right: [1, 2, 3], width }))
  );
}

function logText({ segments, endLsn }: LogSummary): string {
  const rows = segments.map((one) => [
    one.file,
    grouped(one.startLsn),
    one.isNeeded ? grouped(one.endLsn) : "-",
    one.isNeeded ? grouped(one.blocks) : "-",
    one.isNeeded ? grouped(one.groups) : "-",
    one.isNeeded ? grouped(one.bytes) : "-",
    stateOf(one),
  ]);
  const width = lineWidth() - INDENT.length;
  const head = ["file", "from", "to", "blocks", "groups", "bytes", ""];
  return (
    `log       ${counted(segments.length, "segment")}, ends at ${grouped(endLsn)}\n` +
    indented(table([head, ...rows], { right: [1, 2, 3, 4, 5], flexible: [6], width }))
  );
}

function stateOf({ isNeeded, tornTail, damage, endOffset }: SegmentReport): string {
  if (damage !== null) return `damaged at offset ${grouped(endOffset)}`;
  if (tornTail !== null) {
    const { bytes, offset, reason } = tornTail;
    return `torn tail of ${counted(bytes, "byte")} at offset ${grouped(offset)}: ${reason}`;
  }
  return isNeeded ? "" : "no longer needed, not looked into";
}

const INDENT = "  ";

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, INDENT);
}

/** What was not looked into is unknown: null, and not zero. */
function segmentJson(segment: SegmentReport): object {
  const known = { ...segment, damage: segment.damage?.message ?? null };
  if (segment.isNeeded) return known;
  return { ...known, endLsn: null, blocks: null, groups: null, bytes: null, endOffset: null };
}

function inspectionJson(directory: string, inspection: DirectoryInspection): object {
  const { holder, inPartitions, damage } = inspection;
  const whole = { directory, lock: holder, ...filesJson(inspection), damage };
  if (inPartitions === null) return whole;
  const { layout, partitions } = inPartitions;
  const each = partitions.map(({ name, found }) => ({ directory: name, ...filesJson(found) }));
  return { ...whole, layout: { ...layout, hash: HASH_NAME }, partitions: each };
}

function filesJson({ control, pages, log, isRecoveryDue }: Inspection): object {
  const segments = log?.segments.map(segmentJson);
  const logJson = log === null ? null : { ...log, segments };
  return { control, recoveryDue: isRecoveryDue, pages, log: logJson };
}
