/**
 * Pictures: how trees, latches, queues and tasks stand at each stop of a film, read off its trace
 * lines as docs/trace-format.md says, and nowhere else. A picture is a value; drawing it is the
 * business of others.
 *
 * Invariants:
 * 1. The picture of a stop depends on the lines up to it only; a seek gives the same as playing.
 * 2. Who holds and who waits for a latch is what the trace says; nothing is guessed.
 * 3. Trees, latches and disk that have not changed between two stops are the same objects in both.
 *
 * Left out: the groups of logs where there are several partitions, whose positions are not told
 * apart in a trace.
 */
export { isHappening } from "./happening.ts";
export { keyText } from "./key-text.ts";
export type {
  DiskPicture,
  EntryPicture,
  GatePicture,
  GateUse,
  GroupPicture,
  HeldLatch,
  LatchPicture,
  LatchUse,
  Mode,
  OperationPicture,
  PagePicture,
  PagePlace,
  Picture,
  PictureEvent,
  PictureEventKind,
  TaskPicture,
  TreePicture,
  WantedPage,
} from "./picture.ts";
export { pageKey } from "./pages.ts";
export { Reel } from "./reel.ts";
