import { copyOut } from "../../btree/index.ts";
import type { Entry } from "../entry.ts";
import { type Block, EntrySpot } from "./block.ts";

const NO_BYTES = new Uint8Array(0);

/** An entry with a key of its own; `before` begins with the bytes that it shares. */
export function entryOf(block: Block, spot: EntrySpot, before: Uint8Array): Entry {
  return {
    key: keyOf(block, spot, before),
    seq: spot.seq,
    kind: spot.isTombstone ? "tombstone" : "value",
    value: block.bytes.subarray(spot.keyEnd, spot.end),
  };
}

/** The whole key of an entry; `before` begins with the bytes that it shares. */
export function keyOf(block: Block, spot: EntrySpot, before: Uint8Array): Uint8Array {
  const { shared, keyAt, keyEnd } = spot;
  if (shared > before.length) throw block.damage("an entry shares more than there is");
  const key = new Uint8Array(shared + keyEnd - keyAt);
  copyOut(before, 0, shared, key, 0);
  copyOut(block.bytes, keyAt, keyEnd - keyAt, key, shared);
  return key;
}

/** All entries of a block, in their order. Throws BAD_RUN where one makes no sense. */
export function* entriesOf(block: Block): Generator<Entry, void, void> {
  const spot = new EntrySpot();
  let before: Uint8Array = NO_BYTES;
  for (let at = 0; at < block.end; at = spot.end) {
    spot.read(block, at);
    const entry = entryOf(block, spot, before);
    before = entry.key;
    yield entry;
  }
}
