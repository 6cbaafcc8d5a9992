/** The protocols in half a line each, for a list to choose from; docs/protocols.md has the rest. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ["tree-mutex", "one latch for the whole tree"],
  ["tree-mutex-durable", "the same, kept until the write is on the disk"],
  ["tree-rw", "one latch for the whole tree, shared by readers"],
  ["crabbing", "hold a page until its child is latched"],
  ["optimistic-crabbing", "writers go down as readers, and again if the leaf is not safe"],
  ["crabbing-path-cache", "crabbing that begins at the leaf of the last key"],
  ["olc", "readers take no latch, and look at versions before and after"],
  ["sx-tree", "one writer at a time changes the shape of the tree"],
  ["lanin-shasha", "links to the right; the child is let go before its parent is latched"],
  ["b-link", "links to the right: whoever comes too late follows them"],
  ["foster", "a page that split keeps its new sibling until a parent adopts it"],
]);

/** What a protocol does, in half a line; empty for one that is not of the house. */
export function protocolTitle(name: string): string {
  return TITLES.get(name) ?? "";
}
