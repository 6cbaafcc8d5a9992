import {
  hasFlag,
  INCOMPLETE_SPLIT_FLAG,
  levelOf,
  NO_PAGE,
  type PageId,
  rightOf,
} from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import { atKey, belowBound } from "./aim.ts";
import { isHalfDead } from "./link-pages.ts";
import { LinkWalk } from "./link-walk.ts";
import { copyHighFence } from "./node-read.ts";
import type { Operation } from "./operation.ts";

const FIRST_KEY = new Uint8Array(0);

/** Finishes what was left unfinished of one page; does nothing if somebody has. */
export interface Finisher {
  /** Tells the parent of the right half of a split. */
  finishSplit(op: Operation, id: PageId, way: PageId[]): Task<void>;
  /** Takes a half-dead page out of its chain; see BLink.unlink. */
  unlink(op: Operation, id: PageId, from: PageId, end: Uint8Array | null): Task<void>;
  /** Makes the only child of the root the root. */
  lowerRoot(op: Operation): Task<boolean>;
}

/**
 * Finishes all that was left unfinished: each split whose parent does not know of it, and each page
 * that is half dead. Others may be at work meanwhile.
 */
export class LinkVacuum extends LinkWalk {
  readonly #finisher: Finisher;

  constructor(finisher: Finisher) {
    super();
    this.#finisher = finisher;
  }

  /** Goes through all pages once, level by level from above. O(pages). */
  *run(op: Operation): Task<void> {
    const root = yield* this.latchRoot(op);
    const top = levelOf(root);
    root.release();
    // From above, so that a parent is finished before its children need it.
    for (let level = top; level >= 0; level--) yield* this.#runLevel(op, level);
    yield* this.#finisher.lowerRoot(op);
  }

  *#runLevel(op: Operation, level: number): Task<void> {
    let page = yield* this.descend(op, atKey(FIRST_KEY), level);
    for (;;) {
      const { pageId } = page;
      const isIncomplete = hasFlag(page, INCOMPLETE_SPLIT_FLAG);
      const wasHalfDead = isHalfDead(page);
      const end = copyHighFence(page);
      const next = isIncomplete ? pageId : rightOf(page);
      page.release();
      if (isIncomplete) yield* this.#finisher.finishSplit(op, pageId, []);
      if (wasHalfDead) yield* this.#unlink(op, pageId, end, level);
      if (next === NO_PAGE) return;
      page = op.shared(next, "right sibling");
      if (page.pending) yield page;
    }
  }

  /** The left link of a half-dead page may lead to what was used anew since: keys lead there. */
  *#unlink(op: Operation, id: PageId, end: Uint8Array | null, level: number): Task<void> {
    const left = yield* this.descend(op, belowBound(end ?? undefined), level);
    const from = left.pageId;
    left.release();
    yield* this.#finisher.unlink(op, id, from, end);
  }
}
