import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { BlockCodec } from "../storage/index.ts";

/** Blocks of sorted runs as raw deflate, by Node. */
export const deflateBlocks: BlockCodec = {
  code: 1,
  pack: (bytes) => deflateRawSync(bytes),
  unpack(packed, length) {
    // One chunk of the right size, or each block in a cache would keep 16 KiB; and one byte more,
    // so that a block that is longer than it says is seen.
    const options = { chunkSize: Math.max(64, length + 1), maxOutputLength: length + 1 };
    const { buffer, byteOffset, byteLength } = inflateRawSync(packed, options);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
};
