import type { BlockCodec, Checksum } from "../../storage/index.ts";
import type { ByteSink } from "./byte-sink.ts";
import { ByteSource } from "./byte-source.ts";
import { badRun, BLOCK_BYTES_MAX, STORED_PLAIN, TRAILER_BYTES } from "./run-format.ts";

/** What turns blocks into what is stored of them, and back. */
export interface Sealing {
  readonly checksum: Checksum;
  /** Those that are known to a reader. */
  readonly codecs: readonly BlockCodec[];
}

/** The part of a block that a codec has to save, or the block is stored as it is. */
const WORTH_IT = 1 / 8;

/**
 * Appends a block to what is written, with its trailer; packed, if that is worth it.
 *
 * @param offset Where in the file the block comes to lie.
 * @returns the bytes that it takes there, without its trailer.
 */
export function sealBlock(
  bytes: Uint8Array,
  offset: number,
  into: ByteSink,
  checksum: Checksum,
  codec: BlockCodec | null,
): number {
  const packed = codec === null ? null : codec.pack(bytes);
  const isWorthIt = packed !== null && packed.length < bytes.length * (1 - WORTH_IT);
  const from = into.length;
  if (isWorthIt) {
    into.varint(bytes.length);
    into.put(packed);
  } else {
    into.put(bytes);
  }
  const length = into.length - from;
  into.u8(isWorthIt && codec !== null ? codec.code : STORED_PLAIN);
  into.u32(checksum(into.bytes.subarray(from), seedOf(offset)));
  return length;
}

/**
 * The bytes of a block as they were.
 *
 * @param stored The block with its trailer, or as much of it as the file has.
 * @param expectedBytes How much that should be.
 * @param what What to call it, as `a data block`.
 * @throws LatchworkError BAD_RUN.
 */
export function unsealBlock(
  stored: Uint8Array,
  expectedBytes: number,
  name: string,
  offset: number,
  what: string,
  sealing: Sealing,
): Uint8Array {
  if (stored.length < expectedBytes) {
    throw badRun(name, offset, `${what} of ${expectedBytes} bytes is cut short`);
  }
  const length = stored.length - TRAILER_BYTES;
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const expected = sealing.checksum(stored.subarray(0, length + 1), seedOf(offset));
  if (view.getUint32(length + 1, true) !== expected) {
    throw badRun(name, offset, `the checksum of ${what} is wrong`);
  }
  const how = view.getUint8(length);
  const bytes = stored.subarray(0, length);
  if (how === STORED_PLAIN) return bytes;
  const codec = sealing.codecs.find(({ code }) => code === how);
  if (codec === undefined) {
    throw badRun(name, offset, `${what} is packed in way ${how}, which is not known here`);
  }
  const unpacked = unpack(bytes, codec);
  if (unpacked === null) throw badRun(name, offset, `${what} cannot be unpacked`);
  return unpacked;
}

/** Null if it cannot be done. */
function unpack(bytes: Uint8Array, codec: BlockCodec): Uint8Array | null {
  const source = new ByteSource(bytes);
  const length = source.varint();
  if (!(length <= BLOCK_BYTES_MAX)) return null;
  try {
    const unpacked = codec.unpack(bytes.subarray(source.at), length);
    return unpacked.length === length ? unpacked : null;
  } catch {
    // Whatever a codec throws: the checksum was right, so the bytes were written like that.
    return null;
  }
}

/** So that the checksum of a block that lies elsewhere is wrong. */
function seedOf(offset: number): number {
  return offset >>> 0;
}
