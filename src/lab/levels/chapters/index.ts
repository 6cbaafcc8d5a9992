import type { Chapter, Level } from "../level.ts";
import { DEADLOCK } from "./deadlock.ts";
import { GROWING } from "./growing.ts";
import { SCANS } from "./scans.ts";
import { SHRINKING } from "./shrinking.ts";
import { SPLIT_RACE } from "./split-race.ts";
import { STEPS } from "./steps.ts";

/** All levels, in the order in which they teach. */
export const CHAPTERS: readonly Chapter[] = [
  STEPS,
  SPLIT_RACE,
  DEADLOCK,
  GROWING,
  SHRINKING,
  SCANS,
];

export const LEVELS: readonly Level[] = CHAPTERS.flatMap(({ levels }) => levels);

/** The level with this id; null if there is none. */
export function levelNamed(id: string): Level | null {
  return LEVELS.find((level) => level.id === id) ?? null;
}
