import type { PictureEventKind, Reel } from "../../index.ts";

/** What is worth a stop when one lets a run go on until something happens. */
const WORTH_A_STOP: ReadonlySet<PictureEventKind> = new Set<PictureEventKind>([
  "split",
  "merge",
  "root",
  "freed",
  "waits",
  "refused",
  "returned",
  "crash",
  "fault",
]);

/** The first stop after `stop` at which something has happened, or the last one. O(stops). */
export function nextHappening(reel: Reel, stop: number): number {
  for (let at = stop + 1; at < reel.length; at++) {
    if (reel.at(at).events.some(({ kind }) => WORTH_A_STOP.has(kind))) return at;
  }
  return reel.length - 1;
}
