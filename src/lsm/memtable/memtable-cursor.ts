import { assert, type Task } from "../../task/index.ts";
import { DONE, ENDED, MOVED } from "../at-once.ts";
import type { Cursor } from "../cursor.ts";
import { type Entry, SEQ_MAX } from "../entry.ts";
import type { SkipList, SkipNode } from "./skip-list.ts";

/** The key above `key` that is next to it. */
function keyAfter(key: Uint8Array): Uint8Array {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}

/**
 * A place in a memtable, to which entries may be added meanwhile. It never waits: every move is
 * done at once. To go back is O(log entries), since nodes know only what follows.
 */
export class MemtableCursor implements Cursor {
  readonly #list: SkipList;
  readonly #declareRead: () => void;
  /** The entry that it is on, or the one behind which it is; null: before all. */
  #node: SkipNode | null = null;
  /** Whether it is on the node, and not behind it. */
  #isOn = false;

  /** @param declareRead Called before each look at the list. */
  constructor(list: SkipList, declareRead: () => void) {
    this.#list = list;
    this.#declareRead = declareRead;
  }

  get entry(): Entry {
    assert(this.#isOn && this.#node !== null, "the last move has come to an entry");
    return this.#node.entry;
  }

  seek(key: Uint8Array | null, seq: number): Task<void> {
    this.#declareRead();
    this.#rest(key === null ? null : this.#list.lastBefore({ key, seq }));
    return DONE;
  }

  seekBack(key: Uint8Array | null, isInclusive: boolean): Task<void> {
    this.#declareRead();
    const until = key !== null && isInclusive ? keyAfter(key) : key;
    const last =
      until === null ? this.#list.last : this.#list.lastBefore({ key: until, seq: SEQ_MAX });
    this.#rest(last);
    return DONE;
  }

  next(): Task<boolean> {
    this.#declareRead();
    const next = this.#node === null ? this.#list.first : (this.#node.next[0] ?? null);
    if (next === null) {
      this.#isOn = false;
      return ENDED;
    }
    this.#node = next;
    this.#isOn = true;
    return MOVED;
  }

  previous(): Task<boolean> {
    this.#declareRead();
    const node =
      this.#isOn && this.#node !== null ? this.#list.lastBefore(this.#node.entry) : this.#node;
    this.#node = node;
    this.#isOn = node !== null;
    return node === null ? ENDED : MOVED;
  }

  close(): void {
    this.#rest(null);
  }

  #rest(node: SkipNode | null): void {
    this.#node = node;
    this.#isOn = false;
  }
}
