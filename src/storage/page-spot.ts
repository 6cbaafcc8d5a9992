import { META_PAGE, type PageId } from "./ids.ts";

const NOTHING = new DataView(new ArrayBuffer(0));

/**
 * Where the bytes of a page are: in `view`, which may show many pages, from `at` on.
 *
 * A page that is looked at for a moment needs no object of its own: one spot serves one page after
 * another. Objects of pages that were not used lately are no more in the processor's caches than
 * the pages themselves, so each would be waited for.
 */
export class PageSpot {
  view: DataView = NOTHING;
  at = 0;
  id: PageId = META_PAGE;
}
