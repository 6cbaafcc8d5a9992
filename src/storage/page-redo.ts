import { assert } from "../task/assert.ts";
import { LatchworkError } from "../task/errors.ts";

/** Codes below this are the storage room's, for what all pages have; the rest are the tree's. */
export const FIRST_TREE_REDO = 16;

/** The left link was set: u32. */
export const REDO_SET_LEFT = 1;
/** The right link was set: u32. */
export const REDO_SET_RIGHT = 2;
/** All flags were set: u8. */
export const REDO_SET_FLAGS = 3;
/** A bit of a space page was set or cleared: u32 bit, u8 value. */
export const REDO_SET_IN_USE = 4;

const BYTES_FIRST = 256;

/**
 * How one page was changed in one change group: physiological redo, a list of small operations each
 * of which is logical within the page; or the page as a whole, where that is shorter or safer.
 *
 * Whatever changes a page through its editor notes itself here. Operations are a code, then
 * operands: numbers little-endian, byte strings with their length before them as u16.
 */
export class PageRedo {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(BYTES_FIRST);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #isWhole = false;

  /** Whether the list is given up: the page is to be logged as it is at commit. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The operations so far. Valid until the next note. Requires: not {@link isWhole}. */
  get operations(): Uint8Array {
    assert(!this.#isWhole, "a page logged as a whole has no operations");
    return this.#bytes.subarray(0, this.#length);
  }

  /** Bytes of {@link operations}. */
  get length(): number {
    return this.#length;
  }

  /** Copies {@link operations} to a place that has room, allocating nothing. O(length). */
  copyTo(into: Uint8Array, at: number): void {
    assert(!this.#isWhole, "a page logged as a whole has no operations");
    const bytes = this.#bytes;
    const length = this.#length;
    // A loop: most lists have some dozens of bytes, and a view of them would cost more than that.
    for (let i = 0; i < length; i++) into[at + i] = bytes[i] ?? 0;
  }

  /** The page was changed in a way that no operation describes. */
  whole(): void {
    this.#isWhole = true;
    this.#length = 0;
  }

  reset(): void {
    this.#isWhole = false;
    this.#length = 0;
  }

  /** Begins an operation; false if there is nothing to note because the page is logged whole. */
  begin(code: number): boolean {
    if (this.#isWhole) return false;
    this.u8(code);
    return true;
  }

  u8(value: number): void {
    this.#ensure(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  u16(value: number): void {
    this.#ensure(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  u32(value: number): void {
    this.#ensure(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  bytes(value: Uint8Array): void {
    this.u16(value.length);
    this.#ensure(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #ensure(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what a {@link PageRedo} wrote. Never reads beyond its end. */
export class RedoReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  bytes(): Uint8Array {
    const length = this.u16();
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Moves on, and gives where it was. */
  #skip(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) {
      throw new LatchworkError("BAD_LOG", "a redo operation ends before its operands do");
    }
    this.#at = at + count;
    return at;
  }
}
