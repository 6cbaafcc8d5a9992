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
  /** By tree and page, its state as it is written; null for one that is not in use. */
  readonly #known: (string | null)[][] = [];

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
      const state = stateIn(tree, id);
      const text = state === null ? null : JSON.stringify(state);
      if ((known[id] ?? null) === text) continue;
      known[id] = text;
      lines.push({ page: id, ...partition, state });
    }
    return lines;
  }
}

function stateIn({ store, pages }: ProgramTree, number: number): JsonFields | null {
  const id = pageId(number);
  if (id === META_PAGE) return { kind: "meta", root: rootOf(pages.frame(META_PAGE)) };
  if (isSpacePage(id, store.params.pageSize)) return { kind: "space-map" };
  if (number >= store.space.highWater || number >= pages.capacity) return null;
  return store.space.isFree(id) ? null : stateOfPage(id, pages.frame(id));
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
