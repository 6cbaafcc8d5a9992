/** A file is given as much room as it has bytes, and so much at a time at most. */
const ROOM_BYTES_MAX = 1 << 20;
const ROOM_BYTES_MIN = 1 << 14;

const ZEROS = new Uint8Array(ROOM_BYTES_MAX);

/**
 * The room that a file has been given behind its end: zeros, written along with a write that would
 * have made the file longer.
 *
 * A durable write at the end of a file is two: that of its bytes, and that of the file's new length
 * and place, for which a journaling file system waits twice as long. Into bytes that are there
 * already it is one. Only for files that are appended to, one write at a time, and whose readers
 * know their end by themselves. A process that is killed leaves the zeros behind.
 */
export class FileReserve {
  /** Up to where bytes were written that count. */
  #written = 0;
  /** How long the file is; 0 before that is known. */
  #length = 0;
  #isOff = false;

  /** A write begins. Gives the zeros that should follow it, or null. */
  behind(at: number, bytes: number): Uint8Array | null {
    const end = at + bytes;
    if (end > this.#written) this.#written = end;
    // The first bytes of a file may be all that it is to have.
    if (at === 0 || this.#isOff || end <= this.#length) return null;
    return ZEROS.subarray(0, Math.min(ROOM_BYTES_MAX, Math.max(ROOM_BYTES_MIN, end)));
  }

  /** The file is so long now. */
  reaches(length: number): void {
    if (length > this.#length) this.#length = length;
  }

  /** There is no room to be had. */
  giveUp(): void {
    this.#isOff = true;
  }

  /** Where the file should end before it is closed; null if it ends there. */
  get surplusFrom(): number | null {
    return this.#length > this.#written ? this.#written : null;
  }
}
