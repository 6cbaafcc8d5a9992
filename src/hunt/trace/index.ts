/**
 * Trace files: one run as JSON lines, for tools. The format is public, see docs/trace-format.md.
 *
 * A trace says what each step did, what happened in the code after it, and how each page that it
 * changed looks afterwards; from the lines up to a step a reader can redraw the tree, the latches
 * and who waits for them at that step, without this package.
 *
 * Invariants:
 * 1. A trace is made of facts and of pages as they are, never of text made for people.
 * 2. Recording a run changes nothing of it.
 * 3. The same run gives the same bytes.
 * 4. Within a version of the format kinds and fields are added, and nothing else is changed.
 *
 * Left out: reading traces, which is the business of whoever draws them.
 */
export type { JsonFields } from "./fact-json.ts";
export { TraceRecorder } from "./trace-recorder.ts";
export { traceText } from "./trace-text.ts";
