import type { DiskFile, Host } from "../task/index.ts";
import type { Checksum } from "./checksum.ts";
import type { PageId } from "./ids.ts";
import type { PoolFrames } from "./pool-frames.ts";

/** What a buffer pool is made of. */
export interface BufferPoolOptions {
  /** Bytes a page. */
  readonly pageSize: number;
  /** How many pages are kept in memory if possible, at least 1. */
  readonly framesMax: number;
  /** Frames that other pools take too, whose limit then holds. Default: its own. */
  readonly frames?: PoolFrames;
  /** The page file, open: read here, written by a Cleaner. */
  readonly file: DiskFile;
  readonly host: Host;
  /** How many pages there are already, in the file or in the log. */
  readonly pageCount: number;
  /** Default: CRC-32 in plain JavaScript. */
  readonly checksum?: Checksum;
  /**
   * What the version of a fresh page begins with, if the page is not in memory: never less than any
   * page's version so far, as the end of the log (a change moves it by more than one). Only the low
   * 32 bits count. Default: the highest version that has left the pool.
   */
  readonly versionFloor?: () => number;
  /**
   * Where the log ends. No page is written before the log is durable up to its last change, so one
   * in the file that is ahead of that shows that the log has lost its end. Default: no limit.
   */
  readonly lsnCeiling?: () => number;
  /** Called with each page that leaves memory. Default: nothing is. */
  readonly evicted?: (id: PageId) => void;
}
