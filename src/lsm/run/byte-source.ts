import { byteAt } from "../../btree/index.ts";

/** Reads what {@link ByteSink} wrote. What is read behind the end is not a number. */
export class ByteSource {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A whole number; not a number if there is none that a double holds. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++) {
      const byte = byteAt(this.bytes, this.at++);
      if (byte < 0x80) {
        value += byte * scale;
        return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
      }
      value += (byte - 0x80) * scale;
      scale *= 0x80;
    }
    return Number.NaN;
  }

  /** So many bytes, as a view; null if there are not as many. */
  take(length: number): Uint8Array | null {
    const end = this.at + length;
    if (!(end <= this.bytes.length)) return null;
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}
