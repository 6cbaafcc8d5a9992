import type { JsonFields } from "../../hunt/index.ts";
import type { DiskPicture } from "./picture.ts";
import { numberIn, numbersIn, textIn } from "./trace-line.ts";

/** A disk before the first step: all that is on it is durable. */
export const NEW_DISK: DiskPicture = { groups: [], durableTo: 0, crashes: 0, unsynced: [] };

/**
 * The disk after one step.
 *
 * @param keepsGroups Whether there is one log, so that positions can be compared.
 */
export function diskAfter(
  disk: DiskPicture,
  lines: readonly JsonFields[],
  keepsGroups: boolean,
): DiskPicture {
  return lines.reduce((known, line) => {
    const kind = textIn(line, "kind");
    if (!keepsGroups && (kind === "group-appended" || kind === "log-durable")) return known;
    return diskAfterLine(known, kind, line);
  }, disk);
}

function diskAfterLine(disk: DiskPicture, kind: string, line: JsonFields): DiskPicture {
  switch (kind) {
    case "group-appended": {
      const position = numberIn(line, "position");
      const group = { position, pages: numbersIn(line, "pages"), state: "in memory" as const };
      return { ...disk, groups: [...disk.groups, group] };
    }
    case "log-durable": {
      const durableTo = Math.max(disk.durableTo, numberIn(line, "position"));
      const groups = disk.groups.map((group) =>
        group.position <= durableTo ? { ...group, state: "durable" as const } : group,
      );
      return { ...disk, durableTo, groups };
    }
    case "file-write":
    case "file-resize": {
      const name = textIn(line, "name");
      return disk.unsynced.includes(name) ? disk : { ...disk, unsynced: [...disk.unsynced, name] };
    }
    case "file-sync":
      return { ...disk, unsynced: disk.unsynced.filter((name) => name !== textIn(line, "name")) };
    case "crash":
      return {
        ...disk,
        crashes: disk.crashes + 1,
        unsynced: [],
        groups: disk.groups.map((group) =>
          group.state === "in memory" ? { ...group, state: "in doubt" } : group,
        ),
      };
    default:
      return disk;
  }
}
