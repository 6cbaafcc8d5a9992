/**
 * Links: the whole state of the lab as the fragment of an address, which no browser sends to any
 * server. The heart of it is the replay line of the run.
 *
 * Invariants:
 * 1. What was written is read back the same.
 * 2. Reading never throws. What is wrong with a link is said in one line.
 * 3. Code in a link is text: whoever reads it decides whether it is run, and where.
 *
 * Left out: the address itself, which is the page's.
 */
export {
  formatLink,
  type OpenedLink,
  parseLink,
  type SharedRun,
  type SharedState,
} from "./link.ts";
