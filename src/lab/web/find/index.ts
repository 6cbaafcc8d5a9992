/**
 * The panel that searches: hunts and proofs of the scenario that is shown, and the run as text.
 *
 * Invariants:
 * 1. A search works beside the page, and can be stopped; what it has by then is told.
 * 2. What is found opens in the lab, unless the visitor has gone on to something else.
 * 3. What a verdict claims is what was run: its words are those of the room lab/search.
 *
 * Left out: the search itself.
 */
export { FindPanel } from "./find-panel.tsx";
