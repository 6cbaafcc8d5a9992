import { commonPrefixLength } from "../../btree/index.ts";
import type { Entry } from "../entry.ts";
import { ByteSink } from "./byte-sink.ts";

const NO_KEY = new Uint8Array(0);

/** Puts entries, in order, into the bytes of one data block after another. */
export class BlockWriter {
  readonly #restartEvery: number;
  readonly #sink = new ByteSink(8192);
  #restarts: number[] = [];
  #sinceRestart = 0;
  #lastKey: Uint8Array = NO_KEY;

  /** @param restartEvery Entries from one restart point to the next. */
  constructor(restartEvery: number) {
    this.#restartEvery = restartEvery;
  }

  get isEmpty(): boolean {
    return this.#restarts.length === 0;
  }

  /** Bytes of the entries so far. */
  get length(): number {
    return this.#sink.length;
  }

  /** Requires: the entry comes after those before, and its key's bytes do not change. */
  add({ key, seq, kind, value }: Entry): void {
    const sink = this.#sink;
    let shared = 0;
    if (this.isEmpty || this.#sinceRestart === this.#restartEvery) {
      this.#restarts.push(sink.length);
      this.#sinceRestart = 0;
    } else {
      shared = commonPrefixLength(this.#lastKey, key);
    }
    this.#sinceRestart++;
    sink.varint(shared);
    sink.varint(key.length - shared);
    sink.varint(kind === "tombstone" ? 0 : value.length + 1);
    sink.varint(seq);
    sink.put(key, shared);
    sink.put(value);
    this.#lastKey = key;
  }

  /** The block; the next one begins. A view, valid until an entry is added. */
  finish(): Uint8Array {
    const sink = this.#sink;
    for (const restart of this.#restarts) sink.u32(restart);
    sink.u32(this.#restarts.length);
    const { bytes } = sink;
    sink.empty();
    this.#restarts = [];
    this.#sinceRestart = 0;
    return bytes;
  }
}
