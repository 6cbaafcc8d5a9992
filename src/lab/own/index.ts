/**
 * Modules that a reader of the lab has written: a protocol of one's own, as JavaScript.
 *
 * Invariants:
 * 1. Nothing here runs the code; it is only made ready for where it is run.
 * 2. Every line keeps its number, so that what is reported of it is where the reader wrote it.
 * 3. Nothing but this package can be imported.
 *
 * Left out: the place where it is run, which has no page, no storage and no network, and is the
 * page's to make. TypeScript, which would need a compiler.
 */
export { BadModule } from "./bad-module.ts";
export { type OwnModule, readModule } from "./own-module.ts";
