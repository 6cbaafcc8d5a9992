import {
  asEditor,
  HEADER_BYTES,
  META_PAGE,
  NO_PAGE,
  type PageEditor,
  type PageId,
  type PageMemory,
  setRight,
  SpaceMap,
} from "../storage/index.ts";
import { assert } from "../task/assert.ts";
import { shortestSeparator } from "./bytes.ts";
import { formatPage } from "./format-page.ts";
import { INNER_CELL_BYTES, maxKeyBytes, SLOT_BYTES, type TreeParameters } from "./limits.ts";
import { formatNewTree, rootOf, setRoot } from "./meta-page.ts";
import { insertChild, insertEntry } from "./node-edit.ts";

/** A key and its value. */
export interface LeafEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A page to be built: what it covers, and how to fill it. */
interface PagePlan {
  readonly low: Uint8Array;
  fill(page: PageEditor): void;
}

/** A page that has been built, as its parent needs it. */
interface BuiltPage {
  readonly low: Uint8Array;
  readonly id: PageId;
}

/**
 * Makes a tree with exactly these leaves in empty memory, and as few inner pages above them as
 * evenly filled ones can be. For scenarios, lessons and tests, which need to say where a split is
 * due; it takes no latch and writes no log.
 *
 * Requires: keys ascend over all leaves; none is empty unless it is the only one; each leaf fits.
 */
export function buildTree(
  memory: PageMemory,
  params: TreeParameters,
  leaves: readonly (readonly LeafEntry[])[],
): void {
  formatNewTree(memory, params);
  const meta = asEditor(memory.frame(META_PAGE));
  const root = rootOf(meta);
  let row = buildLevel(memory, 0, leaves.map(planLeaf), root);
  for (let level = 1; row.length > 1; level++) {
    row = buildLevel(memory, level, planParents(row, mostChildren(params)), null);
  }
  const top = row[0];
  if (top !== undefined) setRoot(meta, top.id);
}

function planLeaf(
  entries: readonly LeafEntry[],
  index: number,
  leaves: readonly (readonly LeafEntry[])[],
): PagePlan {
  const before = leaves[index - 1]?.at(-1);
  const first = entries[0];
  assert(leaves.length === 1 || first !== undefined, "only a tree's single leaf may be empty");
  const isFirst = before === undefined || first === undefined;
  return {
    low: isFirst ? new Uint8Array(0) : shortestSeparator(before.key, first.key),
    fill(page) {
      for (const { key, value } of entries) insertEntry(page, key, value);
    },
  };
}

function planParents(children: readonly BuiltPage[], most: number): PagePlan[] {
  const pages = Math.ceil(children.length / most);
  const plans: PagePlan[] = [];
  for (let index = 0; index < pages; index++) {
    const from = Math.floor((index * children.length) / pages);
    const group = children.slice(from, Math.floor(((index + 1) * children.length) / pages));
    const low = group[0]?.low;
    assert(low !== undefined, "no parent is without children");
    plans.push({
      low,
      fill(page) {
        for (const child of group) insertChild(page, child.low, child.id);
      },
    });
  }
  return plans;
}

/** Builds the pages of one level from left to right; the first one in `place`, if given. */
function buildLevel(
  memory: PageMemory,
  level: number,
  plans: readonly PagePlan[],
  place: PageId | null,
): BuiltPage[] {
  const space = new SpaceMap(memory);
  space.reload();
  const built: BuiltPage[] = [];
  for (const [index, plan] of plans.entries()) {
    const low = plan.low;
    const id = index === 0 && place !== null ? place : space.allocate();
    space.setUnlogged(id, true);
    const before = built.at(-1);
    const left = before === undefined ? NO_PAGE : before.id;
    const high = plans[index + 1]?.low ?? null;
    const page = asEditor(memory.frame(id));
    formatPage(page, { id, level, low, high, left, right: NO_PAGE });
    plan.fill(page);
    if (before !== undefined) setRight(asEditor(memory.frame(before.id)), id);
    built.push({ low, id });
  }
  return built;
}

/** As many children as always fit, however long their separators are. */
function mostChildren(params: TreeParameters): number {
  const key = maxKeyBytes(params);
  const body = params.pageSize - HEADER_BYTES - 2 * key;
  const fitting = Math.floor(body / (SLOT_BYTES + INNER_CELL_BYTES + key));
  return params.mostEntries === 0 ? fitting : Math.min(fitting, params.mostEntries);
}
