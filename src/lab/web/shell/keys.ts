import { askForHint } from "./hint-button.tsx";
import type { LabState } from "../state/index.ts";

/** The keys of the lab and what they do; the help shows the same list. */
export const KEYS: readonly (readonly [key: string, text: string])[] = [
  ["1 to 9", "task a, b, c ... takes its next step"],
  ["c", "the power fails, where there is a disk"],
  ["space", "play, or pause"],
  ["→ and ←", "one step on, where there is no choice, and back"],
  ["Home and End", "to the start and to the end of what is decided"],
  ["h", "a hint: who is next on the way to a failure"],
  ["n", "on until something happens"],
  ["u and y", "undo and redo"],
  ["r", "start over"],
  ["?", "this help"],
];

/** Carries out a key; false if it means nothing here. */
export function carryOutKey(lab: LabState, key: string): boolean {
  const task = DIGITS.indexOf(key);
  if (task >= 0) lab.step(task);
  const action = ACTIONS.get(key);
  action?.(lab);
  return task >= 0 || action !== undefined;
}

const DIGITS: readonly string[] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

const ACTIONS: ReadonlyMap<string, (lab: LabState) => void> = new Map([
  ["c", cutThePower],
  [" ", (lab) => (lab.isPlaying.value ? lab.pause() : lab.play())],
  ["ArrowRight", (lab) => lab.next()],
  ["ArrowLeft", (lab) => lab.back()],
  ["Home", (lab) => lab.seek(0)],
  ["End", (lab) => lab.seek(lab.reel.value.length - 1)],
  ["h", (lab) => void askForHint(lab)],
  ["n", (lab) => lab.untilSomethingHappens()],
  ["u", (lab) => lab.undo()],
  ["y", (lab) => lab.redo()],
  ["r", (lab) => lab.restart()],
]);

/** The next crash is taken, if it may be. */
function cutThePower(lab: LabState): void {
  const crash = lab.picture.value.tasks.find(({ role, mayGo }) => role === "crash" && mayGo);
  if (crash !== undefined) lab.step(crash.task);
}

/** Whether a key pressed there belongs to the lab, and not to what has the focus. */
export function isForTheLab({ target, ctrlKey, metaKey, altKey, key }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || !(target instanceof Element)) return false;
  if (target.closest("textarea, select, [contenteditable], dialog") !== null) return false;
  const input = target.closest("input");
  if (input !== null) return isLeftBy(input.type, key);
  // A button that has the focus takes the space bar for itself, and a list of tabs its arrows.
  if (target.closest('button, summary, a, [role="radio"]') !== null && key === " ") return false;
  return (target.closest('[role="tablist"]') === null && !isToScroll(target)) || !MOVES.has(key);
}

/** Whether an input of that type has no use for a key. */
function isLeftBy(type: string, key: string): boolean {
  if (type === "range") return !MOVES.has(key);
  const isChoice = type === "radio" || type === "checkbox";
  return isChoice && key !== " " && !MOVES.has(key);
}

/** Whether it is something wide, which the arrows move. */
function isToScroll(target: Element): boolean {
  return target.matches(".tree") && target.scrollWidth > target.clientWidth;
}

/** What moves a slider, or goes from tab to tab. */
const MOVES: ReadonlySet<string> = new Set([
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
]);
