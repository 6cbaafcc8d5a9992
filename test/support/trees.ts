import {
  buildTree,
  type LeafEntry,
  type TreeParameters,
  treeParameters,
} from "../../src/btree/index.ts";
import { asEditor, type PageEditor, pageId, PageMemory } from "../../src/storage/index.ts";
import { bytesOf } from "./pages.ts";

/** A tree in memory, with the right to change any of its pages, for tests. */
export interface TestTree {
  readonly memory: PageMemory;
  readonly params: TreeParameters;
  readonly page: (id: number) => PageEditor;
}

/** Builds a tree from its leaves, `"10,12 20,30"`, each key with its own text as value. */
export function treeOf(leaves: string, mostEntries: number = 3, pageSize: number = 512): TestTree {
  const params = treeParameters(pageSize, mostEntries);
  const memory = new PageMemory({ pageSize, chunkBytes: 64 * pageSize });
  buildTree(memory, params, leaves.split(" ").map(entriesOfLeaf));
  return { memory, params, page: (id) => asEditor(memory.frame(pageId(id))) };
}

function entriesOfLeaf(keys: string): LeafEntry[] {
  if (keys === "") return [];
  return keys.split(",").map((key) => ({ key: bytesOf(key), value: bytesOf(key) }));
}
