import { isPreempting } from "../film/index.ts";
import { isHappening, type Reel } from "../picture/index.ts";

/** The first stops of a run that is too long, and the last ones, where it fails. */
const FIRST_STOPS = 150;
const LAST_STOPS = 250;

/** A stop of a run that is told. */
export interface ShownStop {
  readonly stop: number;
  /** Whether something has happened there that a reader has to see. */
  readonly isWorthALook: boolean;
  /** How many stops are left out before it. */
  readonly leftOutBefore: number;
}

/**
 * The stops of a run that a page tells: all, or of a long run the first and the last. O(stops).
 */
export function shownStops(reel: Reel): ShownStop[] {
  const { length } = reel;
  const isCut = length > FIRST_STOPS + LAST_STOPS;
  const goesOnAt = isCut ? length - LAST_STOPS : 0;
  const shown: ShownStop[] = [];
  for (let stop = 0; stop < length; stop++) {
    if (isCut && stop >= FIRST_STOPS && stop < goesOnAt) continue;
    const leftOutBefore = isCut && stop === goesOnAt ? goesOnAt - FIRST_STOPS : 0;
    shown.push({ stop, isWorthALook: isWorthALook(reel, stop), leftOutBefore });
  }
  return shown;
}

/** Beside what happens in tree and latches, the beginning, the end, and each preemption. */
function isWorthALook(reel: Reel, stop: number): boolean {
  if (stop === 0 || stop === reel.length - 1) return true;
  return isHappening(reel.at(stop)) || isPreemption(reel, stop);
}

function isPreemption({ film }: Reel, stop: number): boolean {
  const task = film.stops[stop]?.deed?.task;
  return task !== undefined && isPreempting(film, stop - 1, task);
}
