import {
  compareBytes,
  copyHighFence,
  copyKey,
  copyLowFence,
  copyValue,
  countOf,
  covers,
  find,
  hasRoomFor,
  hasRoomToReplace,
  insertEntry,
  isSafeForDelete,
  isSafeForInsert,
  isUnderfull,
  mergeFits,
  mergeInto,
  removeEntry,
  replaceValue,
  splitPage,
  type TreeParameters,
} from "../../src/btree/index.ts";
import { type PageEditor, pageId } from "../../src/storage/index.ts";
import { assert } from "../../src/task/assert.ts";
import { blankPage, bytesOf, pageWith, textOf } from "./pages.ts";

/** A row of leaves, as one level of a tree would have them, against a map. */
export class LeafRow {
  readonly pages: PageEditor[];
  readonly model = new Map<string, string>();
  splits = 0;
  merges = 0;
  readonly params: TreeParameters;
  #nextId = 3;

  constructor(params: TreeParameters) {
    this.params = params;
    this.pages = [pageWith({ pageSize: params.pageSize })];
  }

  #indexFor(key: Uint8Array): number {
    return this.pages.findIndex((page) => covers(page, key));
  }

  /** Inserts or overwrites, splitting where there is no room. */
  put(key: Uint8Array, value: Uint8Array): void {
    const at = this.#indexFor(key);
    const page = this.pages[at];
    assert(page !== undefined, "some page covers every key");
    this.model.set(textOf(key), textOf(value));
    const safe = isSafeForInsert(page, this.params, key.length, value.length);
    const found = find(page, key);
    if (found >= 0) {
      const room = hasRoomToReplace(page, found, value.length);
      assert(room || !safe, "a leaf that is safe for an insert has room to replace");
      if (room) {
        replaceValue(page, found, value);
        return;
      }
      removeEntry(page, found);
    }
    const { mostEntries } = this.params;
    const hasRoom = hasRoomFor(page, this.params, key.length, value.length);
    const few = countOf(page) < mostEntries;
    assert(mostEntries === 0 || hasRoom === few, "a limited tree counts entries and nothing else");
    if (hasRoom) {
      insertEntry(page, key, value);
      return;
    }
    const right = blankPage(this.params.pageSize);
    const incoming = { key, valueLength: value.length };
    const separator = splitPage(page, right, pageId(this.#nextId++), this.params, incoming);
    this.splits++;
    this.pages.splice(at + 1, 0, right);
    const side = compareBytes(key, separator) < 0 ? page : right;
    assert(covers(side, key), "the side of the split covers the key");
    const fits = hasRoomFor(side, this.params, key.length, value.length);
    assert(fits, "one split makes room");
    insertEntry(side, key, value);
    assert(countOf(page) > 0 && countOf(right) > 0, "each side of a split has an entry");
  }

  /** Removes, merging with the right neighbour where little is left. */
  remove(key: Uint8Array): void {
    const at = this.#indexFor(key);
    const page = this.pages[at];
    assert(page !== undefined, "some page covers every key");
    this.model.delete(textOf(key));
    const found = find(page, key);
    if (found < 0) return;
    const safe = isSafeForDelete(page, this.params, false);
    removeEntry(page, found);
    const underfull = isUnderfull(page, this.params);
    assert(!safe || !underfull, "a page that was safe for a delete is not underfull");
    if (!underfull) return;
    const right = this.pages[at + 1];
    if (right === undefined) return;
    const { mostEntries } = this.params;
    const fits = mergeFits(page, right, this.params);
    const few = countOf(page) + countOf(right) <= mostEntries;
    assert(mostEntries === 0 || fits === few, "a limited tree counts entries and nothing else");
    if (!fits) return;
    mergeInto(page, right);
    this.merges++;
    this.pages.splice(at + 1, 1);
  }

  /** Compares the whole row with the map. */
  check(): void {
    const keys = [...this.model.keys()].map(bytesOf).toSorted(compareBytes);
    const seen: Uint8Array[] = [];
    let low: Uint8Array | null = new Uint8Array(0);
    for (const page of this.pages) {
      assert(low !== null && same(copyLowFence(page), low), "the fences of siblings meet");
      low = copyHighFence(page);
      for (let index = 0; index < countOf(page); index++) {
        const key = copyKey(page, index);
        assert(covers(page, key) && find(page, key) === index, "every key is found");
        const value = this.model.get(textOf(key));
        assert(textOf(copyValue(page, index)) === value, "every value is the last one put");
        seen.push(key);
      }
      const { mostEntries } = this.params;
      assert(mostEntries === 0 || countOf(page) <= mostEntries, "no page is over its limit");
    }
    assert(low === null, "the last page has no high fence");
    assert(seen.join("|") === keys.join("|"), "the pages hold the keys of the map, in order");
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}
