import {
  flagsIn,
  HALF_DEAD_FLAG,
  INCOMPLETE_SPLIT_FLAG,
  type PageId,
  UNLINKED_FLAG,
} from "../storage/index.ts";
import { PagesAtOnce } from "./at-once.ts";
import { CachedPathAtOnce } from "./cached-path.ts";
import type { Operation } from "./operation.ts";

const UNFINISHED = UNLINKED_FLAG | HALF_DEAD_FLAG | INCOMPLETE_SPLIT_FLAG;

/**
 * The shortest ways where splits and merges may be unfinished between operations. A page whose
 * split is under way is latched; so whoever finds all latches on its way free need only see whether
 * one was left unfinished, and where none was, the downlinks lead to the page of the key.
 */
export class LinkAtOnce extends PagesAtOnce {
  protected override look(op: Operation, id: PageId): boolean {
    return super.look(op, id) && isFinished(op);
  }
}

/** As {@link LinkAtOnce}, begun where the last operation came down. */
export class LinkCachedPathAtOnce extends CachedPathAtOnce {
  protected override look(op: Operation, id: PageId): boolean {
    return super.look(op, id) && isFinished(op);
  }
}

function isFinished({ spot }: Operation): boolean {
  return (flagsIn(spot.view, spot.at) & UNFINISHED) === 0;
}
