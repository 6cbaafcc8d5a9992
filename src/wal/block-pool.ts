import type { Lsn } from "../storage/index.ts";
import { LogBlock } from "./log-block.ts";

const SPARE_MAX = 4;
/** What an unusually large batch has made is not kept. */
const SPARE_BYTES_MAX = 1 << 21;

/** Blocks to use again, so that a log in steady state makes none. */
export class BlockPool {
  readonly #spare: LogBlock[] = [];

  /** An empty block that is to begin at a position. */
  take(start: Lsn): LogBlock {
    const block = this.#spare.pop() ?? new LogBlock();
    block.begin(start);
    return block;
  }

  /** Takes a block back that nobody writes or reads any more. */
  giveBack(block: LogBlock): void {
    if (this.#spare.length >= SPARE_MAX || block.bytes.length > SPARE_BYTES_MAX) return;
    this.#spare.push(block);
  }
}
