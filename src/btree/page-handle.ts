import type { Mode } from "../latch/index.ts";
import type { PageId, PageRedo, PageView } from "../storage/index.ts";
import type { Step } from "../task/index.ts";

/**
 * A page as a protocol reaches it: asked for, yielded if `pending`, used while held, and released.
 *
 *     const page = op.shared(id, "child");
 *     if (page.pending) yield page;
 *
 * What keeps others away meanwhile is the matter of the class, and not of whoever uses the page:
 *
 * - {@link PageGuard}: the latch of the page itself.
 * - {@link CoveredPage}: a latch that covers all pages, as that of the whole tree.
 * - {@link OptimisticPage}: nothing; the version of the page's latch shows whether another task has
 *   changed it.
 *
 * While it is held, the handle is the only way to the page's bytes, and the page stays in memory.
 * Before and after, `view` refuses every access with an InvariantViolation of rule `latch-misuse`,
 * so code that keeps a handle too long fails at its first read.
 */
export interface PageHandle extends Step, PageView {
  readonly pageId: PageId;
  /** What the page is to whoever asked for it, as `child`. */
  readonly site: string;
  /** Whether the task must yield the handle before it goes on. */
  readonly pending: boolean;
  readonly isHeld: boolean;
  /** What it was asked for: to read, to read and perhaps change, or to change. */
  readonly mode: Mode;
  /** Whether the page may be changed through this handle now. */
  readonly isWritable: boolean;
  /** Whether the operation has just allocated the page, and no other knows it. */
  readonly isFresh: boolean;
  /** Why the bytes cannot be reached, to be put after what was done; empty if it is held. */
  readonly whyShut: string;
  /**
   * Ends the use of the page.
   *
   * @throws InvariantViolation `double-release` if that was done before, `latch-misuse` if the page
   *   never was held.
   */
  release(): void;
  /** Releases on leaving a `using` block, unless that was done by hand. */
  [Symbol.dispose](): void;
}

declare const exclusiveBrand: unique symbol;
/** The handle of a page asked for exclusively: the only kind that a change group will edit. */
export interface WriteHandle extends PageHandle, ChangeNotes {
  readonly [exclusiveBrand]: true;
}

/** What a change group notes on the handles of its pages. */
export interface ChangeNotes {
  /** Whether an open change group has edited the page; then it must be committed first. */
  isChanged: boolean;
  /** Whether the page may be used anew once it is released. */
  isFreedOnRelease: boolean;
  /** Whether it was allocated by a change group that is not committed yet, or never will be. */
  isUncommitted: boolean;
  /** Where changes are noted, while a change group that is logged edits the page. */
  redo: PageRedo | null;
}
