/** The cache line of the end of the log. */
export const LOG_LINE = 0;

/** The line with a page's latch, or with the version that stands for it. */
export function latchOf(page: number): number {
  return 2 * page + 1;
}

/** The lines of a page that a search reads, taken as one. */
export function contentOf(page: number): number {
  return 2 * page + 2;
}
