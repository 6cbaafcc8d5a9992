import { isHappening, type Reel } from "../../index.ts";

/** The first stop after `stop` at which something has happened, or the last one. O(stops). */
export function nextHappening(reel: Reel, stop: number): number {
  for (let at = stop + 1; at < reel.length; at++) if (isHappening(reel.at(at))) return at;
  return reel.length - 1;
}
