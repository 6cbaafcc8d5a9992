import { LatchworkError } from "../task/index.ts";
import { type Checksum, pageFault, pagePlace } from "./checksum.ts";
import type { PageId } from "./ids.ts";
import { lsnOf } from "./page-header.ts";
import type { PageView } from "./page-view.ts";

/** What is wrong with a page as it was read, `count` bytes of it; null if nothing is. */
export function arrivalFault(
  page: PageView,
  id: PageId,
  count: number,
  fileName: string,
  checksum: Checksum,
): LatchworkError | null {
  const pageSize = page.bytes.length;
  if (count === pageSize) return pageFault(page, id, fileName, checksum);
  const what = `the file ends after ${count} of its ${pageSize} bytes`;
  return new LatchworkError("BAD_PAGE", `${pagePlace(fileName, id, pageSize)}: ${what}`);
}

/**
 * What is wrong with a page that was changed after the end of the log; null if it was not. Not even
 * an image in the log helps there: it is the log that is damaged.
 */
export function aheadFault(
  page: PageView,
  id: PageId,
  end: number,
  fileName: string,
): LatchworkError | null {
  const position = lsnOf(page);
  if (position <= end) return null;
  const place = pagePlace(fileName, id, page.bytes.length);
  const what = `changed at position ${position}, expected at most ${end}, where the log ends`;
  return new LatchworkError("BAD_PAGE", `${place}: ${what}; the log has lost its end`);
}
