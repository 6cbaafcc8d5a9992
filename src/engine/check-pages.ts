import { type CheckReport, TreeChecker, type TreeParameters } from "../btree/index.ts";
import {
  asEditor,
  type Checksum,
  crc32,
  FIRST_TREE_PAGE,
  highestInUse,
  isInUse,
  isSpacePage,
  META_PAGE,
  NO_PAGE,
  PageMemory,
  pageFault,
  type PageId,
  pageId,
  pageIdOf,
  pagePlace,
  rightOf,
  SPACE_PAGE,
  spacePageFor,
} from "../storage/index.ts";
import { DIRECT_HOST, type DiskFile, type Host, type Task } from "../task/index.ts";

const MOST_PROBLEMS = 100;
/** How much is read at a time. */
const READ_BYTES = 1 << 18;

/** Called with how many pages have been read, and how many there are. */
export type PagesProgress = (done: number, total: number) => void;

/**
 * Checks a page file as it is on disk, in which no log is left to redo: every page in use has a
 * right checksum, and the tree of them is right. Memory: the size of the file.
 */
export function* checkPages(
  file: DiskFile,
  params: TreeParameters,
  checksum: Checksum = crc32,
  host: Host = DIRECT_HOST,
): Task<CheckReport> {
  const loaded = yield* loadPages(file, params);
  const damaged = yield* damagedPages(loaded, file.name, checksum, () => true, host);
  if (damaged.length > 0) return { ok: false, problems: damaged.map(({ problem }) => problem) };
  return yield* new TreeChecker(loaded.memory, params).checkInTurns(host);
}

/** A page file in memory, and how many pages it has, the one that is cut short included. */
export interface LoadedPages {
  readonly memory: PageMemory;
  readonly pages: number;
}

/** Reads a page file as a whole; a page cut short is zero behind the cut. Memory: its size. */
export function* loadPages(
  file: DiskFile,
  params: TreeParameters,
  progress?: PagesProgress,
): Task<LoadedPages> {
  const { pageSize } = params;
  const size = yield* file.size();
  const pages = Math.ceil(size / pageSize);
  const memory = new PageMemory({ pageSize });
  memory.ensure(Math.max(pages, FIRST_TREE_PAGE));
  const buffer = new Uint8Array(READ_BYTES);
  for (let at = 0; at < size; at += READ_BYTES) {
    const count = yield* file.read(at, buffer);
    for (let done = 0; done < count; done += pageSize) {
      const page = asEditor(memory.frame(pageId((at + done) / pageSize)));
      page.bytes.set(buffer.subarray(done, Math.min(done + pageSize, count)));
    }
    progress?.(Math.floor(Math.min(at + READ_BYTES, size) / pageSize), pages);
  }
  return { memory, pages };
}

/** A page whose bytes are not what was written. */
export interface DamagedPage {
  readonly id: PageId;
  /** `pages: page 7 (offset 28672): ...`. */
  readonly problem: string;
}

/**
 * Finds the pages in use whose bytes are not what was written, the first hundred of them.
 *
 * The meta page and the space pages are in use always, whatever their bits say: a bit that is wrong
 * must not hide the page that it is on.
 */
export function* damagedPages(
  loaded: LoadedPages,
  fileName: string,
  checksum: Checksum,
  isLookedAt: (id: PageId) => boolean = () => true,
  host: Host = DIRECT_HOST,
): Task<DamagedPage[]> {
  const found: DamagedPage[] = [];
  const { memory, pages } = loaded;
  const spaces = spacePagesOf(loaded);
  const end = spaces.reduce((most, id) => Math.max(most, endOfStretch(memory, id)), 0);
  for (let number = 0; number < end && found.length < MOST_PROBLEMS; number++) {
    const id = pageId(number);
    const pause = host.pauseIfDue();
    if (pause !== null) yield pause;
    if (!isLookedAt(id) || !isPageInUse(loaded, id, spaces)) continue;
    const problem =
      number < pages
        ? pageFault(memory.frame(id), id, fileName, checksum)?.message
        : `${pagePlace(fileName, id, memory.pageSize)}: the file ends after ${pages} pages`;
    if (problem !== undefined) found.push({ id, problem });
  }
  return found;
}

/** One more than the highest page that a space page says is in use, or itself. */
function endOfStretch(memory: PageMemory, id: PageId): number {
  const space = memory.frame(id);
  // A page that is not what it should be may name any page at all.
  return Math.max(id + 1, FIRST_TREE_PAGE, pageIdOf(space) === id ? highestInUse(space) : 0);
}

/** The space pages that there are, as far as they name each other. */
export function spacePagesOf({ memory, pages }: LoadedPages): PageId[] {
  const found: PageId[] = [];
  for (let id: PageId = SPACE_PAGE; id !== NO_PAGE && (id < pages || id === SPACE_PAGE);) {
    found.push(id);
    const next = rightOf(memory.frame(id));
    // Anything else than the next one's place is no link, and must not lead in a circle.
    id = next > id && isSpacePage(next, memory.pageSize) ? next : NO_PAGE;
  }
  return found;
}

/** Whether the space pages say that a page is in use, or it is one of those that always are. */
export function isPageInUse(
  { memory }: LoadedPages,
  id: PageId,
  spaces: readonly PageId[],
): boolean {
  if (id === META_PAGE || spaces.includes(id)) return true;
  const space = spacePageFor(id, memory.pageSize);
  return spaces.includes(space) && isInUse(memory.frame(space), id);
}
