/**
 * The panel in which scenarios and protocols are written.
 *
 * Invariants:
 * 1. What is wrong is shown beside its line while one types, and nothing wrong is shown in the lab.
 * 2. What is typed stays until it is shown or discarded, whatever else is opened.
 * 3. A reader's own code runs only when the reader says so, and never in the page.
 *
 * Left out: the language of scenarios, and the place where code is run.
 */
export { EditPanel } from "./edit-panel.tsx";
export { awaitCode, awaitedRun, ownNames } from "./edit-state.ts";
