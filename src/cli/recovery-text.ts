import type { RecoveryReport } from "../wal/index.ts";
import { counted, grouped } from "./output.ts";

/** Says what a recovery did, or would do, a line for each thing. */
export function describeRecovery(report: RecoveryReport, redoLsn: number): string {
  const { endLsn, groupsRead, groupsApplied, pagesTouched, imagesRestored } = report;
  const { tornTail, droppedBatchGroups } = report;
  if (groupsRead === 0 && tornTail === null) {
    return `  nothing to redo: the log ends at ${grouped(endLsn)}, where redo begins\n`;
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
  return lines.map((line) => `  ${line}\n`).join("");
}

/** The same for `--json`. */
export function recoveryJson(report: RecoveryReport, redoLsn: number): object {
  const { endLsn, groupsRead, groupsApplied, pagesTouched, imagesRestored } = report;
  const { tornTail, droppedBatchGroups } = report;
  const counts = { groupsRead, groupsApplied, pagesTouched, imagesRestored };
  return { redoLsn, endLsn, ...counts, tornTail, droppedBatchGroups };
}
