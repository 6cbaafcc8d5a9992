import { LinkAtOnce, LinkCachedPathAtOnce } from "./link-at-once.ts";
import type { Operation } from "./operation.ts";
import { coversSpot } from "./spot-search.ts";

/**
 * The shortest ways through foster trees: past no page that has a foster child, and to a leaf whose
 * fences have the key between them. If they have not, the way by latches says what is wrong.
 */
export class FosterAtOnce extends LinkAtOnce {
  protected override comeDown(op: Operation, key: Uint8Array): boolean {
    return super.comeDown(op, key) && coversSpot(op.spot, op.store.params.pageSize, key);
  }
}

/** As {@link FosterAtOnce}, begun where the last operation came down. */
export class FosterCachedPathAtOnce extends LinkCachedPathAtOnce {
  protected override comeDown(op: Operation, key: Uint8Array): boolean {
    return super.comeDown(op, key) && coversSpot(op.spot, op.store.params.pageSize, key);
  }
}
