import { segmentStart } from "../../wal/index.ts";

/** A file as stories call it: log files by their names without the zeros in front, `log-59`. */
export function fileText(name: string): string {
  const start = segmentStart(name);
  return start === null ? name : `log-${start.toString(16)}`;
}
