import type { JsonFields } from "../../hunt/index.ts";
import type { PagePicture, TreePicture } from "./picture.ts";
import { fieldsIn, listIn, numberIn, numberOrNull, textIn, textOrNull } from "./trace-line.ts";

/** The trees before anything is known of them. */
export function noTrees(partitions: number): readonly TreePicture[] {
  return Array.from({ length: partitions }, (_, partition) => ({
    partition: partitions === 1 ? null : partition,
    root: null,
    pages: new Map<number, PagePicture>(),
  }));
}

/** The trees with the pages that the lines of one step say are different now. */
export function treesAfter(
  trees: readonly TreePicture[],
  lines: readonly JsonFields[],
): readonly TreePicture[] {
  const changed = lines.filter(({ kind }) => kind === "page");
  if (changed.length === 0) return trees;
  return trees.map((tree) => {
    const own = changed.filter((line) => numberOrNull(line, "partition") === tree.partition);
    return own.length === 0 ? tree : treeAfter(tree, own);
  });
}

/** The pages that the lines of one step say are different now. */
export function changedIn(lines: readonly JsonFields[]): ReadonlySet<string> {
  const changed = lines.filter(({ kind }) => kind === "page");
  return new Set(
    changed.map((line) => pageKey(numberOrNull(line, "partition"), numberIn(line, "page"))),
  );
}

/** A page by its partition, if there are several, and its number. */
export function pageKey(partition: number | null, page: number): string {
  return `${partition ?? ""}/${page}`;
}

function treeAfter(tree: TreePicture, lines: readonly JsonFields[]): TreePicture {
  const pages = new Map(tree.pages);
  let { root } = tree;
  for (const line of lines) {
    const page = numberIn(line, "page");
    const state = fieldsIn(line, "state");
    const kind = state === null ? "" : textIn(state, "kind");
    if (state !== null && kind === "meta") root = numberIn(state, "root");
    else if (state === null || kind === "space-map") pages.delete(page);
    else pages.set(page, pageOf(page, kind, state));
  }
  return { ...tree, root, pages };
}

function pageOf(page: number, kind: string, state: JsonFields): PagePicture {
  if (kind !== "leaf" && kind !== "inner") {
    const nothing = { level: 0, low: "", high: null, left: 0, right: 0, entries: [] };
    return { page, kind: "unreadable", ...nothing };
  }
  return {
    page,
    kind,
    level: numberIn(state, "level"),
    low: textIn(state, "low"),
    high: textOrNull(state, "high"),
    left: numberIn(state, "left"),
    right: numberIn(state, "right"),
    entries: listIn(state, "entries").map((entry) => ({
      key: textIn(entry, "key"),
      value: textOrNull(entry, "value"),
      child: numberOrNull(entry, "child"),
    })),
  };
}
