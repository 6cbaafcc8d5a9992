import { assert } from "../task/index.ts";

/**
 * Counts the requests that use a descriptor, so that it is closed after the last of them.
 *
 * The system gives the number of a descriptor that was closed to the next file that is opened. The
 * thread pool knows a request only by that number: one that still waits there, or has done only a
 * part of its work, would go on in the other file.
 */
export class DescriptorUses {
  #count = 0;
  #close: (() => void) | null = null;

  begin(): void {
    this.#count++;
  }

  end(): void {
    assert(this.#count > 0, "a use ends once");
    this.#count--;
    if (this.#count === 0) this.#close?.();
  }

  /** Calls back once nothing uses the descriptor, which may be now. Once; then nothing begins. */
  whenUnused(close: () => void): void {
    assert(this.#close === null, "a descriptor is closed once");
    this.#close = close;
    if (this.#count === 0) close();
  }
}
