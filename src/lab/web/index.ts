/**
 * The page of the lab. It shows films and has no engine of its own: whatever it draws was run by
 * the rooms below, in this page or in a worker that runs the same script.
 *
 * Invariants:
 * 1. The page needs no network and no server, and asks for nothing once it is loaded.
 * 2. Everything can be done by keyboard, and everything that is shown has a name in words.
 * 3. Nothing is told by colour or motion alone.
 *
 * Left out: any state that outlives the page, but for the progress in the levels and the theme.
 */
export { App } from "./app.tsx";
