import type { PageId } from "../storage/index.ts";
import type { Operation } from "./operation.ts";
import type { WriteHandle } from "./page-handle.ts";
import { StructureChange } from "./structure-change.ts";

/**
 * Splits and merges where the neighbours are latched before anything is changed, since they are
 * only tried: to be refused one halfway would be too late. What is not held yet is waited for.
 */
export class HeldStructure extends StructureChange {
  protected override neighbour(op: Operation, id: PageId, site: string): WriteHandle {
    return op.heldToWrite(id) ?? super.neighbour(op, id, site);
  }
}
