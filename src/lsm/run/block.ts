import { byteAt } from "../../btree/index.ts";
import type { LatchworkError } from "../../task/index.ts";
import { badRun, RESTART_BYTES, RESTART_COUNT_BYTES } from "./run-format.ts";

/** A data block, whole and unpacked. Its bytes never change. */
export class Block {
  readonly bytes: Uint8Array;
  /** Where the entries end, and the restart points begin. */
  readonly end: number;
  readonly restarts: number;
  readonly #view: DataView;
  readonly #name: string;
  readonly #offset: number;

  /**
   * @param name The file, and `offset` where in it the block lies: for messages.
   * @throws LatchworkError BAD_RUN if its restart points make no sense.
   */
  constructor(bytes: Uint8Array, name: string, offset: number) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#name = name;
    this.#offset = offset;
    const countAt = bytes.length - RESTART_COUNT_BYTES;
    this.restarts = countAt > 0 ? this.#view.getUint32(countAt, true) : 0;
    this.end = countAt - this.restarts * RESTART_BYTES;
    if (this.restarts === 0 || this.end <= 0 || !this.#areInOrder()) {
      throw this.damage("the restart points make no sense");
    }
  }

  /** Where the entry at a restart point begins; its key is whole. */
  restartAt(index: number): number {
    return this.#view.getUint32(this.end + index * RESTART_BYTES, true);
  }

  /** The last restart point before an offset. O(log restart points). */
  restartBefore(at: number): number {
    let low = 0;
    let high = this.restarts;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.restartAt(middle) < at) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The fault to throw where the block's bytes, which are as they were written, make no sense. */
  damage(what: string): LatchworkError {
    return badRun(this.#name, this.#offset, `a data block: ${what}`);
  }

  #areInOrder(): boolean {
    if (this.restartAt(0) !== 0) return false;
    for (let i = 1; i < this.restarts; i++) {
      if (this.restartAt(i) <= this.restartAt(i - 1)) return false;
    }
    return this.restartAt(this.restarts - 1) < this.end;
  }
}

/** Where the parts of one entry of a block lie. One object serves one entry after another. */
export class EntrySpot {
  /** Bytes of the key that are those of the key before. */
  shared = 0;
  keyAt = 0;
  keyEnd = 0;
  seq = 0;
  isTombstone = false;
  /** Where the entry ends, and with it its value, which begins where the key ends. */
  end = 0;
  #at = 0;

  /** Requires: an entry of `block` begins at `at`. O(1). */
  read(block: Block, at: number): void {
    const { bytes } = block;
    this.#at = at;
    this.shared = this.#varint(bytes);
    const unshared = this.#varint(bytes);
    const valueCode = this.#varint(bytes);
    this.seq = this.#varint(bytes);
    this.keyAt = this.#at;
    this.keyEnd = this.keyAt + unshared;
    this.isTombstone = valueCode === 0;
    this.end = this.isTombstone ? this.keyEnd : this.keyEnd + valueCode - 1;
    // Nonsense is not a number, or too large: it does not pass either.
    if (!(this.end <= block.end && this.seq <= Number.MAX_SAFE_INTEGER)) {
      throw block.damage(`the entry at ${at} does not fit`);
    }
  }

  #varint(bytes: Uint8Array): number {
    const first = byteAt(bytes, this.#at++);
    if (first < 0x80) return first;
    let value = first - 0x80;
    let scale = 0x80;
    for (let count = 1; count < 8; count++) {
      const byte = byteAt(bytes, this.#at++);
      if (byte < 0x80) return value + byte * scale;
      value += (byte - 0x80) * scale;
      scale *= 0x80;
    }
    return Number.NaN;
  }
}
