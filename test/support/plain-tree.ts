import {
  childAt,
  childIndexFor,
  compareBytes,
  copyValue,
  countOf,
  covers,
  find,
  formatNewTree,
  formatPage,
  hasRoomFor,
  hasRoomToReplace,
  indexOfChild,
  insertChild,
  insertEntry,
  isLeaf,
  isSafeForDelete,
  isSafeForInsert,
  isUnderfull,
  mergeFits,
  mergeInto,
  removeEntry,
  replaceValue,
  rootOf,
  setRoot,
  splitPage,
  type TreeParameters,
} from "../../src/btree/index.ts";
import {
  asEditor,
  levelOf,
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  type PageId,
  pageIdOf,
  PageMemory,
  rightOf,
  setLeft,
  SpaceMap,
} from "../../src/storage/index.ts";
import { assert } from "../../src/task/assert.ts";

/**
 * A B+ tree for one task and no latches: the page operations and nothing else, as the least that a
 * protocol does with them. It asserts that pages called safe stay whole.
 */
export class PlainTree {
  readonly memory: PageMemory;
  readonly params: TreeParameters;
  readonly #space: SpaceMap;
  splits = 0;
  merges = 0;

  constructor(params: TreeParameters) {
    this.params = params;
    this.memory = new PageMemory({ pageSize: params.pageSize });
    formatNewTree(this.memory, params);
    this.#space = new SpaceMap(this.memory);
    this.#space.reload();
  }

  get(key: Uint8Array): Uint8Array | null {
    const leaf = this.#descend(key).at(-1);
    assert(leaf !== undefined, "every path ends in a leaf");
    const index = find(leaf, key);
    return index < 0 ? null : copyValue(leaf, index);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    const path = this.#descend(key);
    const leaf = path.pop();
    assert(leaf !== undefined, "every path ends in a leaf");
    const safe = path.map((page) => isSafeForInsert(page, this.params, key.length, value.length));
    const index = find(leaf, key);
    if (index >= 0) {
      if (hasRoomToReplace(leaf, index, value.length)) {
        replaceValue(leaf, index, value);
        return;
      }
      removeEntry(leaf, index);
    }
    const page = this.#makeRoom(leaf, path, safe, key, value.length);
    insertEntry(page, key, value);
  }

  remove(key: Uint8Array): boolean {
    const path = this.#descend(key);
    const leaf = path.pop();
    assert(leaf !== undefined, "every path ends in a leaf");
    const index = find(leaf, key);
    if (index < 0) return false;
    const safe = path.map((page, depth) => isSafeForDelete(page, this.params, depth === 0));
    removeEntry(leaf, index);
    let page = leaf;
    while (path.length > 0 && isUnderfull(page, this.params)) {
      const parent = path.pop();
      assert(parent !== undefined, "the path is not at its end");
      if (!this.#mergeBelow(parent, pageIdOf(page))) break;
      const wasSafe = safe.pop() === true;
      const isWhole = path.length > 0 ? !isUnderfull(parent, this.params) : countOf(parent) > 1;
      assert(!wasSafe || isWhole, "a safe page is not merged, and a safe root stays");
      page = parent;
    }
    this.#collapse();
    return true;
  }

  #editor(id: PageId): PageEditor {
    return asEditor(this.memory.frame(id));
  }

  #allocate(): PageId {
    const id = this.#space.allocate();
    this.#space.setUnlogged(id, true);
    return id;
  }

  #release(id: PageId): void {
    this.#space.setUnlogged(id, false);
    this.#space.release(id);
  }

  #descend(key: Uint8Array): PageEditor[] {
    const path = [this.#editor(rootOf(this.memory.frame(META_PAGE)))];
    for (;;) {
      const page = path.at(-1);
      assert(page !== undefined && covers(page, key), "the way down covers the key");
      if (isLeaf(page)) return path;
      path.push(this.#editor(childAt(page, childIndexFor(page, key))));
    }
  }

  /** Gives the page that an entry fits into, after as many splits upward as that takes. */
  #makeRoom(
    page: PageEditor,
    path: PageEditor[],
    safe: boolean[],
    key: Uint8Array,
    valueLength: number,
  ): PageEditor {
    if (hasRoomFor(page, this.params, key.length, valueLength)) return page;
    const id = this.#allocate();
    const right = this.#editor(id);
    const separator = splitPage(page, right, id, this.params, { key, valueLength });
    this.splits++;
    if (rightOf(right) !== NO_PAGE) setLeft(this.#editor(rightOf(right)), id);
    const parent = path.pop() ?? this.#growRoot(page);
    const wasSafe = safe.pop() === true;
    const above = this.#makeRoom(parent, path, safe, separator, 0);
    assert(!wasSafe || above === parent, "a safe page is not split");
    insertChild(above, separator, id);
    const side = compareBytes(key, separator) < 0 ? page : right;
    assert(hasRoomFor(side, this.params, key.length, valueLength), "one split makes room");
    return side;
  }

  #growRoot(old: PageEditor): PageEditor {
    const id = this.#allocate();
    const root = this.#editor(id);
    const low = new Uint8Array(0);
    const level = levelOf(old) + 1;
    formatPage(root, { id, level, low, high: null, left: NO_PAGE, right: NO_PAGE });
    insertChild(root, low, pageIdOf(old));
    setRoot(this.#editor(META_PAGE), id);
    return root;
  }

  /** Merges a child with the neighbour that has room for it. */
  #mergeBelow(parent: PageEditor, child: PageId): boolean {
    const index = indexOfChild(parent, child);
    for (const at of [index, index - 1]) {
      if (at < 0 || at + 1 >= countOf(parent)) continue;
      const left = this.#editor(childAt(parent, at));
      const right = this.#editor(childAt(parent, at + 1));
      if (!mergeFits(left, right, this.params)) continue;
      mergeInto(left, right);
      this.merges++;
      if (rightOf(left) !== NO_PAGE) setLeft(this.#editor(rightOf(left)), pageIdOf(left));
      removeEntry(parent, at + 1);
      this.#release(pageIdOf(right));
      return true;
    }
    return false;
  }

  #collapse(): void {
    const meta = this.#editor(META_PAGE);
    for (;;) {
      const root = this.memory.frame(rootOf(meta));
      if (isLeaf(root) || countOf(root) > 1) return;
      const child = childAt(root, 0);
      this.#release(pageIdOf(root));
      setRoot(meta, child);
    }
  }
}
