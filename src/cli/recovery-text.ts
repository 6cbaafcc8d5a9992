import type { RecoveryReport } from "../wal/index.ts";
import { counted, grouped } from "./output.ts";

const INDENT = "  ";

/** Says what a recovery did, or would do, a line for each thing. */
export function describeRecovery(
  report: RecoveryReport,
  redoLsn: number,
  indent: string = INDENT,
): string {
  const { endLsn, groupsRead, groupsApplied, pagesTouched, imagesRestored } = report;
  const { tornTail, droppedBatchGroups } = report;
  if (groupsRead === 0 && tornTail === null) {
    return `${indent}nothing to redo: the log ends at ${grouped(endLsn)}, where redo begins\n`;
  }
  const lines = [
    `redo from ${grouped(redoLsn)} to ${grouped(endLsn)}`,
    `${counted(groupsRead, "group")} read, ${grouped(groupsApplied)} applied, ` +
      `to ${counted(pagesTouched, "page")}`,
  ];
  if (imagesRestored > 0) {
    lines.push(`${counted(imagesRestored, "page")} torn or not there yet, taken from images`);
  }
  if (tornTail !== null) {
    const { file, offset, bytes, reason } = tornTail;
    lines.push(
      `torn tail dropped: ${file} from offset ${grouped(offset)}, ` +
        `${counted(bytes, "byte")} (${reason})`,
    );
  }
  if (droppedBatchGroups > 0) {
    lines.push(`batch that never ended dropped: ${counted(droppedBatchGroups, "group")}`);
  }
  return lines.map((line) => `${indent}${line}\n`).join("");
}

/** What was done in one partition. */
export interface PartitionRecovery {
  readonly name: string;
  readonly recovery: RecoveryReport | null;
  readonly redoLsn: number;
}

/** As {@link describeRecovery}, of each partition in which there was something to do. */
export function describePartitions(partitions: readonly PartitionRecovery[]): string {
  let text = "";
  let idle = 0;
  for (const { name, recovery, redoLsn } of partitions) {
    if (recovery === null || (recovery.groupsRead === 0 && recovery.tornTail === null)) idle++;
    else text += `${INDENT}${name}:\n${describeRecovery(recovery, redoLsn, INDENT + INDENT)}`;
  }
  if (idle === 0) return text;
  const which = text === "" ? counted(idle, "partition") : counted(idle, "other partition");
  return `${text}${INDENT}nothing to redo in ${which}\n`;
}

/** The same for `--json`. */
export function recoveryJson(report: RecoveryReport, redoLsn: number): object {
  const { endLsn, groupsRead, groupsApplied, pagesTouched, imagesRestored } = report;
  const { tornTail, droppedBatchGroups } = report;
  const counts = { groupsRead, groupsApplied, pagesTouched, imagesRestored };
  return { redoLsn, endLsn, ...counts, tornTail, droppedBatchGroups };
}
