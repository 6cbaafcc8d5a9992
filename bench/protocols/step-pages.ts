import { OptimisticPage } from "../../src/btree/index.ts";
import { LatchGuard } from "../../src/latch/index.ts";
import type { Step } from "../../src/task/index.ts";

/** The page that a step is about and that it will search by itself; -1 if there is none. */
export function pageOf(step: Step | null): number {
  if (step instanceof LatchGuard) return step.latch.id;
  return step instanceof OptimisticPage ? step.pageId : -1;
}

/** Whether the step taken just now was to look at the version of a page, for a start. */
export function isVersionTaken(step: OptimisticPage): boolean {
  const deed = step.deed();
  return deed.kind === "page-read-optimistic" && deed.phase === "version";
}
