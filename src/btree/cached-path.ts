import { flagsIn, HALF_DEAD_FLAG, type PageSpot, UNLINKED_FLAG } from "../storage/index.ts";
import { PagesAtOnce } from "./at-once.ts";
import type { Operation } from "./operation.ts";
import { levelIn } from "./page-layout.ts";
import { coversSpot } from "./spot-search.ts";

const NO_LONGER_IN_THE_TREE = UNLINKED_FLAG | HALF_DEAD_FLAG;

/**
 * The shortest way, begun at the lowest page of the last one that is still right for the key.
 *
 * A page that was remembered may have been split, merged, freed, or freed and used anew since; so
 * nothing about it is believed. It is right if it is now a page of its level that is in use, linked
 * and latched by nobody who may change it; and if its fences have the key between them: of a
 * level's pages exactly one does, whatever its number was used for before.
 */
export class CachedPathAtOnce extends PagesAtOnce {
  protected override comeDown(op: Operation, key: Uint8Array): boolean {
    const { pathCache } = op;
    for (let level = 0; level < pathCache.height; level++) {
      if (!this.look(op, pathCache.at(level)) || !this.isRight(op, level, key)) continue;
      return this.comeDownFrom(op, key);
    }
    pathCache.clear();
    return super.comeDown(op, key);
  }

  protected override comeDownFrom(op: Operation, key: Uint8Array): boolean {
    const isDown = super.comeDownFrom(op, key);
    if (!isDown) op.pathCache.clear();
    return isDown;
  }

  protected override arrived(op: Operation, level: number): void {
    op.pathCache.note(level, op.spot.id);
  }

  /** Whether the page looked at is the one of its level that has the key, now. */
  protected isRight({ spot, store }: Operation, level: number, key: Uint8Array): boolean {
    return this.isOfLevel(spot, level) && coversSpot(spot, store.params.pageSize, key);
  }

  /** Whether the page looked at is one of the tree's, at this level. */
  protected isOfLevel({ view, at }: PageSpot, level: number): boolean {
    return levelIn(view, at) === level && (flagsIn(view, at) & NO_LONGER_IN_THE_TREE) === 0;
  }
}
