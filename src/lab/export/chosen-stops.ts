import type { Reel } from "../picture/index.ts";
import { shownStops } from "./shown-stops.ts";

/** So many drawings fit beside each other on a slide; with more, none can be read. */
export const STRIP_STOPS_MAX = 12;
/** So many are chosen for whoever chooses none. */
const OFFERED_MAX = 5;

/** Stops as somebody wrote them, or what is wrong with that, in one line. */
export type ChosenStops =
  | { readonly kind: "stops"; readonly stops: readonly number[] }
  | { readonly kind: "fault"; readonly message: string };

/** Reads stops: `0, 3, 5-7`. Never throws. */
export function readStops(text: string, last: number): ChosenStops {
  const stops: number[] = [];
  for (const part of text.split(",")) {
    const [, from, to = from] = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/.exec(part) ?? [];
    if (from === undefined || to === undefined) {
      return fault(`${JSON.stringify(part.trim())} is no step; expected some such as 0, 3, 5-7`);
    }
    if (Number(to) > last) return fault(`there is no step ${to}; the last one is ${last}`);
    if (Number(from) > Number(to)) return fault(`${from}-${to} ends before it begins`);
    for (let stop = Number(from); stop <= Number(to); stop++) {
      if (stops.length === STRIP_STOPS_MAX) return fault(`a strip has at most ${STRIP_STOPS_MAX}`);
      stops.push(stop);
    }
  }
  return { kind: "stops", stops };
}

/** A few stops that tell a run: the beginning, the end, and between them what happens. */
export function offeredStops(reel: Reel): readonly number[] {
  const worth = shownStops(reel)
    .filter(({ isWorthALook }) => isWorthALook)
    .map(({ stop }) => stop);
  const [first = 0, ...rest] = worth;
  return [first, ...rest.slice(-(OFFERED_MAX - 1))];
}

function fault(message: string): ChosenStops {
  return { kind: "fault", message };
}
