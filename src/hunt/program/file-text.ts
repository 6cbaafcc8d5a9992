import { isPartitionName } from "../../engine/index.ts";
import { segmentStart } from "../../wal/index.ts";

/**
 * A file as stories call it: log files by their names without the zeros in front, `log-59`, and
 * files of a partition after it, `log-59 of partition 1`.
 *
 * @param path From the database's directory on.
 */
export function fileText(path: string): string {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  const start = segmentStart(name);
  const text = start === null ? name : `log-${start.toString(16)}`;
  return slash < 0 ? text : `${text} of ${directoryText(path.slice(0, slash))}`;
}

/** A directory as stories call it: `partition 1` for that of a partition. */
function directoryText(directory: string): string {
  return isPartitionName(directory) ? `partition ${indexIn(directory)}` : directory;
}

/** The partition whose file it is; null for a file of a tree without partitions. */
export function partitionOfFile(path: string): number | null {
  const directory = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return isPartitionName(directory) ? Number(indexIn(directory)) : null;
}

/** The index at the end of a partition's directory. */
function indexIn(directory: string): string {
  return directory.slice(directory.lastIndexOf("-") + 1);
}

/** A file's path, from its directory's on. */
export function pathIn(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

/** A file's name without the directories that it is in. */
export function plainName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
