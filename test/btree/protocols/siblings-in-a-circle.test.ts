import { describe, expect, it } from "vitest";
import { isLeaf, type Protocol, TreeMutex, TreeReadWrite } from "../../../src/btree/index.ts";
import {
  asEditor,
  NO_PAGE,
  pageId,
  pageIdOf,
  rightOf,
  setLeft,
  setRight,
} from "../../../src/storage/index.ts";
import { OneTree } from "./one-tree.ts";

// Protocols that latch siblings are ended by their latch order.
const ONE_LATCH: readonly Protocol[] = [new TreeMutex(), new TreeReadWrite()];

/** A tree whose last leaf leads to the first one again, as a page file older in part may have. */
function circle(protocol: Protocol): OneTree {
  const tree = new OneTree(protocol, { pageSize: 512, mostEntries: 4 });
  for (let key = 0; key < 20; key++) tree.put(key, key);
  const { memory, space } = tree.store;
  const leaves = Array.from({ length: space.highWater }, (_, id) => pageId(id))
    .filter((id) => id > 1 && !space.isFree(id) && isLeaf(memory.frame(id)))
    .map((id) => asEditor(memory.frame(id)));
  const targets = new Set(leaves.map((leaf) => rightOf(leaf)));
  const last = leaves.find((leaf) => rightOf(leaf) === NO_PAGE);
  const first = leaves.find((leaf) => !targets.has(pageIdOf(leaf)));
  if (first === undefined || last === undefined) throw new Error("no first or last leaf");
  setRight(last, pageIdOf(first));
  setLeft(first, pageIdOf(last));
  return tree;
}

describe.each(ONE_LATCH)("$name, over links that lead in a circle", (protocol) => {
  it.each([false, true])("ends a scan with an exception; backwards: %s", (reverse) => {
    const tree = circle(protocol);
    expect(() => tree.scan({ reverse })).toThrow("a scan goes on to keys that it has not seen");
  });
});
