import { Crabbing } from "../../btree/index.ts";
import { BufferPool, type WriteWaiter } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class ListsOnlyOnce extends BufferPool {
  readonly #seen: WeakSet<WriteWaiter> = new WeakSet();

  override joinWrites(step: WriteWaiter): void {
    // The bug: whoever was woken and has to wait again was taken off the list.
    if (this.#seen.has(step)) return;
    this.#seen.add(step);
    super.joinWrites(step);
  }
}

export const W36: Bug = {
  id: "W36",
  kind: "bug",
  protocol: "crabbing",
  title: "a task that was woken too early is not listed again",
  explanation:
    "A checkpoint waits for the write of a page, is woken when that ends, and before it gets its " +
    "turn somebody else has changed the page and begun to write it again. So it waits again. But " +
    "it was taken off the list when it was woken, and the second write wakes nobody.",
  provenance: "plausible: the usual slip of a wait that is an if and ought to be a while",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask put 10 then clean then put 10 then clean\ntask checkpoint\n" +
    "crashes 0\n",
  make: () => new Crabbing(),
  parts: () => ({ makePool: (options) => new ListsOnlyOnce(options) }),
};
