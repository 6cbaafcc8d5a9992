import { type Mode, SHARED } from "../../latch/index.ts";
import { TreeMutex } from "./tree-mutex.ts";

/**
 * One reader-writer latch for the whole tree: readers run together, a writer runs alone.
 *
 * Departs from `tree-mutex` in one word: gets and scans latch the tree in shared mode. A task must
 * never latch it twice: on a latch that favours waiting writers, the second time waits behind a
 * writer that waits for the first.
 */
export class TreeReadWrite extends TreeMutex {
  override readonly name: string = "tree-rw";

  protected override readMode(): Mode {
    return SHARED;
  }
}
