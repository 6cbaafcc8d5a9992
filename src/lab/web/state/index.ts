/**
 * What the visitor looks at, as signals, and everything that can be done to it. No component
 * changes anything by itself; it calls a method here.
 *
 * Invariants:
 * 1. The cursor is at a stop of the film that is shown.
 * 2. Whatever changes the schedule or the scenario can be undone; a seek changes neither.
 * 3. What cannot be filmed leaves everything as it was, and says why in `fault`.
 *
 * Left out: levels, searches and links, which have rooms of their own and load moments here.
 */
export { nextHappening } from "./happenings.ts";
export type { FilmSource } from "../compare/comparison.ts";
export { LabState, type ShownHint, SPEEDS } from "./lab-state.ts";
export type { Moment } from "./moment.ts";
