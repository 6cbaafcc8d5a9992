/**
 * The levels, by chapters: steps and latches first, then the race that the lab is there to explain,
 * then what goes wrong elsewhere in a tree.
 *
 * Invariants:
 * 1. No level needs a word that neither it nor one before has explained.
 * 2. A chapter shows first what goes wrong, and then why the right protocol does not.
 *
 * Left out: how a level is judged.
 */
import type { Chapter, Level } from "../level.ts";
import { DEADLOCK } from "./deadlock.ts";
import { GROWING } from "./growing.ts";
import { LINKS } from "./links.ts";
import { LOG } from "./log.ts";
import { OPTIMISTIC } from "./optimistic.ts";
import { SCANS } from "./scans.ts";
import { SHRINKING } from "./shrinking.ts";
import { SPLIT_RACE } from "./split-race.ts";
import { STEPS } from "./steps.ts";
import { TREE_LATCH } from "./tree-latch.ts";

/** All levels, in the order in which they teach. */
export const CHAPTERS: readonly Chapter[] = [
  STEPS,
  SPLIT_RACE,
  DEADLOCK,
  GROWING,
  SHRINKING,
  SCANS,
  OPTIMISTIC,
  LINKS,
  TREE_LATCH,
  LOG,
];

export const LEVELS: readonly Level[] = CHAPTERS.flatMap(({ levels }) => levels);

/** The level with this id; null if there is none. */
export function levelNamed(id: string): Level | null {
  return LEVELS.find((level) => level.id === id) ?? null;
}
