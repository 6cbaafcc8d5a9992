import { type Fairness, LatchTable } from "../latch/index.ts";
import {
  PageMemory,
  type PageStore,
  type Reclamation,
  RetiredPages,
  SpaceMap,
} from "../storage/index.ts";
import type { ChangeLog } from "../wal/index.ts";
import { CountingLog } from "./counting-log.ts";
import { DescentCounts } from "./descent-counts.ts";
import { type TreeParameters, treeParameters } from "./limits.ts";
import { LinkCounts } from "./link-counts.ts";
import { formatNewTree } from "./meta-page.ts";
import { OptimisticCounts } from "./optimistic-counts.ts";
import { PageImages } from "./page-images.ts";
import { Postings } from "./postings.ts";

/** What a tree in memory is made of; the protocol that works on it is chosen apart. */
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

/** The parts of a tree that lies in pages already. */
export interface TreeStoreParts {
  readonly params: TreeParameters;
  /** The pages, all of them in memory or not. */
  readonly memory: PageStore;
  /** Which of them are free; loaded. */
  readonly space: SpaceMap;
  readonly log: ChangeLog;
  /** Who goes first at a latch. Default `fifo`. */
  readonly fairness?: Fairness;
  /** The latches, if others share them already. */
  readonly latches?: LatchTable;
}

const PAGE_SIZE_DEFAULT = 4096;

/** One tree's pages, latches and log: everything that its tasks share. */
export class TreeStore {
  readonly params: TreeParameters;
  readonly memory: PageStore;
  readonly space: SpaceMap;
  readonly latches: LatchTable;
  readonly log: ChangeLog;
  /** Pages that are freed, for protocols that do not free at once. */
  readonly retired: RetiredPages;
  /** Figures of protocols that follow links. */
  readonly linkCounts: LinkCounts = new LinkCounts();
  /** Splits that parents are being told of, for protocols that hold nothing meanwhile. */
  readonly postings: Postings;
  /** Figures of protocols that try a shorter way to a leaf first. */
  readonly descentCounts: DescentCounts = new DescentCounts();
  /** Figures of protocols that read pages without latches. */
  readonly optimisticCounts: OptimisticCounts = new OptimisticCounts();
  /** Where change groups keep what their pages looked like before. */
  readonly images: PageImages;

  /**
   * Makes an empty tree in memory, or with `parts` the store of a tree that is there already.
   *
   * @throws LatchworkError BAD_PAGE_SIZE or BAD_CAPACITY.
   */
  constructor(options: TreeStoreOptions = {}, parts: TreeStoreParts = newTree(options)) {
    this.params = parts.params;
    this.memory = parts.memory;
    this.space = parts.space;
    this.log = parts.log;
    this.retired = new RetiredPages(parts.space);
    this.postings = new Postings(parts.space);
    this.latches = parts.latches ?? new LatchTable(parts.fairness ?? "fifo");
    this.images = new PageImages(parts.params.pageSize);
  }

  /** A store over pages that hold a tree already. */
  static over(parts: TreeStoreParts): TreeStore {
    return new TreeStore({}, parts);
  }

  /**
   * Declares, from now on, what tasks of a protocol share beside pages, latches and log: before
   * there are tasks, so that it is numbered the same in every run.
   */
  declareFor({ reclamation, postsApart = false }: SharedNeeds): void {
    if (reclamation === "after-earlier-operations") this.retired.declare();
    if (postsApart) this.postings.declare();
  }
}

/** What a protocol says of itself, as far as it concerns what tasks share. */
interface SharedNeeds {
  readonly reclamation?: Reclamation;
  readonly postsApart?: boolean;
}

function newTree(options: TreeStoreOptions): TreeStoreParts {
  const { pageSize = PAGE_SIZE_DEFAULT, mostEntries = 0, shared = false } = options;
  const params = treeParameters(pageSize, mostEntries);
  const memory = new PageMemory({ pageSize, shared });
  formatNewTree(memory, params);
  const space = new SpaceMap(memory);
  space.reload();
  const log = options.log ?? new CountingLog();
  return { params, memory, space, log, fairness: options.fairness ?? "fifo" };
}
