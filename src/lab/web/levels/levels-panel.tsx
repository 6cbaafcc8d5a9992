import type { JSX } from "preact";
import type { PanelProps } from "../shell/index.ts";
import type { LabState } from "../state/index.ts";
import { LevelList } from "./level-list.tsx";
import { LevelView } from "./level-view.tsx";
import { LevelsState } from "./levels-state.ts";

/** One for each lab, made when it is first asked for. */
const states = new WeakMap<LabState, LevelsState>();

/** The levels of a lab. */
export function levelsOf(lab: LabState): LevelsState {
  const known = states.get(lab);
  if (known !== undefined) return known;
  const made = new LevelsState(lab);
  states.set(lab, made);
  return made;
}

/** The level that is played, or all of them. */
export function LevelsPanel({ lab }: PanelProps): JSX.Element {
  const levels = levelsOf(lab);
  const level = levels.level.value;
  return level === null ? (
    <LevelList levels={levels} />
  ) : (
    <LevelView lab={lab} levels={levels} level={level} />
  );
}
