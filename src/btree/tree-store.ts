import { type Fairness, LatchTable } from "../latch/index.ts";
import { FreePages, PageMemory } from "../storage/index.ts";
import { type ChangeLog, CountingLog } from "./change-group.ts";
import { type TreeParameters, treeParameters } from "./limits.ts";
import { createTree } from "./meta-page.ts";

/** What a tree is made of; the protocol that works on it is chosen apart. */
export interface TreeStoreOptions {
  /** Bytes a page: a power of two from 512 to 32768. Default 4096. */
  readonly pageSize?: number;
  /** Most entries a page may hold, at least 2, or 0 for as many as fit. Default 0. */
  readonly mostEntries?: number;
  /** Who goes first at a latch. Default `fifo`. */
  readonly fairness?: Fairness;
  /** Whether the pages lie over SharedArrayBuffers. Default false. */
  readonly shared?: boolean;
  /** Where changes are recorded. Default: nowhere but in a count. */
  readonly log?: ChangeLog;
}

const PAGE_SIZE_DEFAULT = 4096;

/** One tree's pages, latches and log: everything that its tasks share. */
export class TreeStore {
  readonly params: TreeParameters;
  readonly memory: PageMemory;
  readonly freePages: FreePages;
  readonly latches: LatchTable;
  readonly log: ChangeLog;

  /**
   * Makes an empty tree.
   *
   * @throws LatchworkError BAD_PAGE_SIZE or BAD_CAPACITY.
   */
  constructor(options: TreeStoreOptions = {}) {
    const { pageSize = PAGE_SIZE_DEFAULT, mostEntries = 0, shared = false } = options;
    this.params = treeParameters(pageSize, mostEntries);
    this.memory = new PageMemory({ pageSize, shared });
    createTree(this.memory, this.params);
    this.freePages = new FreePages(this.memory);
    this.latches = new LatchTable(options.fairness ?? "fifo");
    this.log = options.log ?? new CountingLog();
  }
}
