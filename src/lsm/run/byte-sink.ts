import { copyOut } from "../../btree/index.ts";

/** Bytes that are written one after the other. Grows as needed; emptied, it keeps its room. */
export class ByteSink {
  #bytes: Uint8Array;
  #length = 0;

  constructor(room: number = 256) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written. A view, valid until more is. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  empty(): void {
    this.#length = 0;
  }

  u8(value: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#makeRoom(4);
    for (let i = 0; i < 4; i++) this.#bytes[this.#length++] = (value >>> (8 * i)) & 0xff;
  }

  /** A whole number of at most 53 bits: seven of them in a byte, the lowest first. */
  varint(value: number): void {
    this.#makeRoom(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** `source` from `from` on. */
  put(source: Uint8Array, from: number = 0): void {
    const length = source.length - from;
    this.#makeRoom(length);
    copyOut(source, from, length, this.#bytes, this.#length);
    this.#length += length;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
