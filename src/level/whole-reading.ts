/** How many rows are turned into what users see in one go: some milliseconds' worth. */
export const PAGE_ROWS = 4_096;

/** Errors of a read that was not begun: they leave an iterator as it is. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  "LEVEL_ITERATOR_BUSY",
  "LEVEL_ITERATOR_NOT_OPEN",
  "LEVEL_ABORTED",
]);

/**
 * The reading of all that an iterator has left, a page at a time, so that however long that takes,
 * others have their turns: a level decodes in one go whatever a single read brings.
 *
 * It is to callers what one long read is: a close meanwhile waits for it.
 */
export class WholeReading {
  #underWay: Promise<unknown> | null = null;

  /** Reads page after page until one is empty, and closes. */
  async all<Row>(nextPage: () => Promise<Row[]>, close: () => Promise<void>): Promise<Row[]> {
    const reading = readPages(nextPage);
    const ended = reading.then(ignore, ignore);
    if (this.#underWay === null) this.#underWay = ended;
    let rows: Row[];
    try {
      rows = await reading;
    } catch (error) {
      if (!REFUSALS.has((error as { readonly code?: unknown }).code)) await close();
      throw error;
    } finally {
      if (this.#underWay === ended) this.#underWay = null;
    }
    await close();
    return rows;
  }

  /** Closes once no reading is under way. */
  async close(close: () => Promise<void>): Promise<void> {
    if (this.#underWay !== null) await this.#underWay;
    await close();
  }
}

async function readPages<Row>(nextPage: () => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await nextPage();
    if (page.length === 0) return rows;
    for (const row of page) rows.push(row);
  }
}

function ignore(): void {}
