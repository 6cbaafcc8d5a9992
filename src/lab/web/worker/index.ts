/**
 * Workers: who carries out an order of the page, and what runs in them. A worker runs the script of
 * the page itself, which sees that it has no document and serves.
 *
 * Invariants:
 * 1. The page goes on while a worker works, and can stop it.
 * 2. Code that a reader has pasted runs in a worker inside a frame without an origin: no page, no
 *    storage, no network. It never runs in the page.
 * 3. Code that does not come back is ended, and that is said.
 * 4. What the worker of such code says has the form that the page expects, or ends it. Whether it
 *    is true nobody can know who has not run it elsewhere, and that is said beside it.
 * 5. Searches have a worker of their own, so that hints, texts and steps do not wait for them.
 *
 * Left out: what is asked of a worker and what it answers, which is the room lab/search.
 */
export type { Doing } from "./order-client.ts";
export { OriginNote } from "./origin-note.tsx";
export { startWorker } from "./start-worker.ts";
export { type OwnState, workers, type Workers } from "./workers.ts";
