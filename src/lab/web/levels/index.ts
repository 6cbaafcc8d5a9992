/**
 * The levels in the page: the list, the one that is played, and what has been solved.
 *
 * Invariants:
 * 1. What is said of an attempt is what the room lab/levels says of it.
 * 2. A run counts as far as the visitor has seen it.
 * 3. Every level is open; progress is kept where the browser lets a page keep something.
 *
 * Left out: the levels themselves.
 */
export { levelsOf, LevelsPanel } from "./levels-panel.tsx";
