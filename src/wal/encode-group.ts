import type { PageView } from "../storage/index.ts";
import { assert } from "../task/index.ts";
import type { PageChange } from "./change-log.ts";
import type { LogBlock } from "./log-block.ts";
import {
  CHANGE_HEADER_BYTES,
  CHANGE_KIND_AT,
  CHANGE_LENGTH_AT,
  GROUP_FLAGS_AT,
  GROUP_HEADER_BYTES,
  GROUP_PAGES_AT,
  IMAGE_HEADER_BYTES,
  IMAGE_KIND,
  OPERATIONS_KIND,
} from "./log-format.ts";

/**
 * Begins a group at the end of a block: its header, whose length {@link endGroup} fills in.
 * Nothing is allocated unless the block has to grow.
 */
export function beginGroup(block: LogBlock, flags: number, pages: number): void {
  assert(pages > 0 && pages <= 0xffff, "a group changes 1 to 65,535 pages");
  block.ensure(GROUP_HEADER_BYTES);
  const at = block.length;
  block.view.setUint16(at + GROUP_FLAGS_AT, flags, true);
  block.view.setUint16(at + GROUP_PAGES_AT, pages, true);
  block.lastGroupAt = at;
  block.length = at + GROUP_HEADER_BYTES;
}

/** Ends the group that was begun last. */
export function endGroup(block: LogBlock): void {
  block.view.setUint32(block.lastGroupAt, block.length - block.lastGroupAt, true);
  block.groups++;
}

/** Appends one page of the open group as the operations that changed it. O(their bytes). */
export function putOperations(block: LogBlock, { id, redo }: PageChange): void {
  const { length } = redo;
  block.ensure(CHANGE_HEADER_BYTES + length);
  const at = putChangeHeader(block, id, OPERATIONS_KIND, length);
  redo.copyTo(block.bytes, at);
  block.length = at + length;
}

/** Appends one page of the open group as it is, without its unused bytes. O(page size). */
export function putImage(block: LogBlock, change: PageChange): void {
  const length = imageBytes(change);
  block.ensure(CHANGE_HEADER_BYTES + length);
  const at = putChangeHeader(block, change.id, IMAGE_KIND, length);
  block.view.setUint16(at, change.unusedFrom, true);
  block.view.setUint16(at + 2, change.unusedTo - change.unusedFrom, true);
  const { bytes }: PageView = change.page;
  block.bytes.set(bytes.subarray(0, change.unusedFrom), at + IMAGE_HEADER_BYTES);
  const afterGap = at + IMAGE_HEADER_BYTES + change.unusedFrom;
  block.bytes.set(bytes.subarray(change.unusedTo), afterGap);
  block.length = at + length;
}

/** Bytes of the image of a page. */
export function imageBytes({ page, unusedFrom, unusedTo }: PageChange): number {
  return IMAGE_HEADER_BYTES + page.bytes.length - (unusedTo - unusedFrom);
}

/** Gives where the payload begins. */
function putChangeHeader(block: LogBlock, id: number, kind: number, length: number): number {
  const at = block.length;
  const { view } = block;
  view.setUint32(at, id, true);
  view.setUint16(at + CHANGE_KIND_AT, kind, true);
  view.setUint16(at + CHANGE_LENGTH_AT, length, true);
  return at + CHANGE_HEADER_BYTES;
}
