import {
  childAt,
  copyKey,
  copyValue,
  countOf,
  isLeaf,
  isReadable,
  rootOf,
} from "../../btree/index.ts";
import {
  isSpacePage,
  leftOf,
  META_PAGE,
  NO_PAGE,
  pageId,
  pageIdOf,
  type PageView,
} from "../../storage/index.ts";
import { pageName, type ProgramTree } from "../program/index.ts";
import { numberOf, numberText } from "../scenario/index.ts";

/** What a story says of a page: enough to see every change that matters to a reader. */
interface PageState {
  /** `[10,20]`, `{2 <15> 3}`, or empty for a page that is not in use. */
  readonly text: string;
  readonly isLeaf: boolean;
  /** A leaf's keys and values, in order. */
  readonly entries: readonly (readonly [key: string, value: number])[];
  readonly left: number;
}

const UNUSED: PageState = { text: "", isLeaf: false, entries: [], left: NO_PAGE };
/** Written over with what no page says, as a protocol of one's own may do. */
const UNREADABLE: PageState = { ...UNUSED, text: "(unreadable)" };

/** Says what has changed in a tree's pages since it last looked, be they in memory or not. */
export class PageWatch {
  readonly #partition: number | null;
  #pages: PageState[] = [];
  #root: number;

  constructor(tree: ProgramTree) {
    this.#partition = tree.partition;
    this.#pages = readPages(tree);
    this.#root = rootOf(tree.pages.frame(META_PAGE));
  }

  /** What a leaf holds, or null for a page that is no leaf. Requires: `changes` is up to date. */
  leafText(id: number): string | null {
    const page = this.#pages[id];
    return page?.isLeaf === true ? page.text : null;
  }

  /**
   * The changes since the last call: `2[10,20] becomes [10]`, `new 5[20]`, `3 freed`.
   *
   * @param tree The same tree, as it is now.
   */
  changes(tree: ProgramTree): string[] {
    const now = readPages(tree);
    const found: string[] = [];
    for (let id = 0; id < now.length; id++) {
      const name = pageName(this.#partition, id);
      found.push(...pageChanges(name, this.#pages[id] ?? UNUSED, now[id] ?? UNUSED));
    }
    const root = rootOf(tree.pages.frame(META_PAGE));
    if (root !== this.#root) found.push(`root is now ${pageName(this.#partition, root)}`);
    this.#pages = now;
    this.#root = root;
    return found;
  }
}

function pageChanges(id: string, before: PageState, now: PageState): string[] {
  if (before.text !== now.text) {
    if (now.text === "") return [`${id} freed`];
    return [
      before.text === "" ? `new ${id}${now.text}` : `${id}${before.text} becomes ${now.text}`,
    ];
  }
  const changes = now.entries.flatMap(([key, value], i) => {
    const old = before.entries[i]?.[1];
    return value === old ? [] : [`${key}: value ${old} becomes ${value}`];
  });
  if (before.left !== now.left) changes.push(`${id}'s left link becomes ${linkText(now.left)}`);
  return changes;
}

function linkText(id: number): string {
  return id === NO_PAGE ? "none" : String(id);
}

function readPages({ store: { space, params }, pages }: ProgramTree): PageState[] {
  const { pageSize } = params;
  return Array.from({ length: space.highWater }, (_, number) => {
    const id = pageId(number);
    const isOfTree = id !== META_PAGE && !isSpacePage(id, pageSize);
    const isUsed = isOfTree && !space.isFree(id) && id < pages.capacity;
    return isUsed ? readPage(id, pages.frame(id)) : UNUSED;
  });
}

function readPage(id: number, page: PageView): PageState {
  // A page that was taken and is not made yet has no number.
  if (pageIdOf(page) === 0) return UNUSED;
  if (pageIdOf(page) !== id || !isReadable(page)) return UNREADABLE;
  const keys = Array.from({ length: countOf(page) }, (_, i) => numberText(copyKey(page, i)));
  const left = leftOf(page);
  if (!isLeaf(page)) {
    const inside = keys.map((key, i) => `${i === 0 ? "" : `<${key}> `}${childAt(page, i)}`);
    return { text: `{${inside.join(" ")}}`, isLeaf: false, entries: [], left };
  }
  const entries = keys.map((key, i) => [key, numberOf(copyValue(page, i))] as const);
  return { text: `[${keys.join(",")}]`, isLeaf: true, entries, left };
}
