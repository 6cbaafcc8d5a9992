import {
  childAt,
  copyHighFence,
  copyKey,
  copyLowFence,
  copyValue,
  countOf,
  isLeaf,
  isReadable,
  rootOf,
} from "../../btree/index.ts";
import {
  isSpacePage,
  leftOf,
  levelOf,
  META_PAGE,
  pageId,
  pageIdOf,
  type PageView,
  rightOf,
} from "../../storage/index.ts";
import type { ProgramTree, ScenarioProgram } from "../program/index.ts";
import { hex, type JsonFields } from "./fact-json.ts";

/**
 * Finds out which pages of the trees have changed since it last looked, whether they are in memory
 * or not, and how they are now. A look costs O(bytes of the trees).
 */
export class PageStates {
  readonly #program: ScenarioProgram;
  /** By tree and page, how it was; null for one that is not in use. */
  readonly #known: (KnownPage | null)[][] = [];

  constructor(program: ScenarioProgram) {
    this.#program = program;
  }

  /** The states of the pages that have changed since the last look, by ascending numbers. */
  changed(): JsonFields[] {
    // While the database is not open there is no tree; once it is, everything is compared.
    if (!this.#program.isOpen) return [];
    return this.#program.trees().flatMap((tree, at) => this.#changedIn(tree, at));
  }

  #changedIn(tree: ProgramTree, at: number): JsonFields[] {
    const known = (this.#known[at] ??= []);
    const partition = tree.partition === null ? {} : { partition: tree.partition };
    const lines: JsonFields[] = [];
    const count = Math.max(tree.store.space.highWater, known.length);
    for (let id = 0; id < count; id++) {
      const before = known[id] ?? null;
      const page = pageIn(tree, id);
      // Most pages have not changed, and that is quick to see of their bytes.
      if (page === null ? before === null : before?.hasBytesOf(page) === true) continue;
      const state = page === null ? null : stateIn(tree, id, page);
      const text = state === null ? null : JSON.stringify(state);
      known[id] = page === null ? null : new KnownPage(page, text);
      if (text !== (before?.text ?? null)) lines.push({ page: id, ...partition, state });
    }
    return lines;
  }
}

/** A page as it was at the last look. */
class KnownPage {
  /** Its state as it is written. */
  readonly text: string | null;
  readonly #bytes: DataView;

  constructor({ bytes }: PageView, text: string | null) {
    this.text = text;
    this.#bytes = new DataView(bytes.slice().buffer);
  }

  /** Whether a page has the same bytes. Requires: its size is a multiple of four. */
  hasBytesOf({ view }: PageView): boolean {
    for (let at = 0; at < view.byteLength; at += 4) {
      if (view.getUint32(at) !== this.#bytes.getUint32(at)) return false;
    }
    return true;
  }
}

/** A page of a tree with all that is in it; null if it is not in use. */
function pageIn({ store, pages }: ProgramTree, number: number): PageView | null {
  const id = pageId(number);
  if (id === META_PAGE || isSpacePage(id, store.params.pageSize)) return pages.frame(id);
  if (number >= store.space.highWater || number >= pages.capacity) return null;
  return store.space.isFree(id) ? null : pages.frame(id);
}

function stateIn({ store }: ProgramTree, number: number, page: PageView): JsonFields | null {
  const id = pageId(number);
  if (id === META_PAGE) return { kind: "meta", root: rootOf(page) };
  if (isSpacePage(id, store.params.pageSize)) return { kind: "space-map" };
  return stateOfPage(id, page);
}

function stateOfPage(id: number, page: PageView): JsonFields | null {
  // A page that was taken and is not made yet has no number.
  if (pageIdOf(page) === 0) return null;
  if (pageIdOf(page) !== id || !isReadable(page)) return { kind: "unreadable" };
  const high = copyHighFence(page);
  const common = {
    level: levelOf(page),
    low: hex(copyLowFence(page)),
    high: high === null ? null : hex(high),
    left: leftOf(page),
    right: rightOf(page),
  };
  const keys = Array.from({ length: countOf(page) }, (_, index) => hex(copyKey(page, index)));
  if (isLeaf(page)) {
    const entries = keys.map((key, index) => ({ key, value: hex(copyValue(page, index)) }));
    return { kind: "leaf", ...common, entries };
  }
  const entries = keys.map((key, index) => ({ key, child: childAt(page, index) }));
  return { kind: "inner", ...common, entries };
}
