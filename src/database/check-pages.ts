import { type CheckReport, TreeChecker, type TreeParameters } from "../btree/index.ts";
import {
  asEditor,
  type Checksum,
  crc32,
  isInUse,
  PageMemory,
  pageId,
  pageFault,
  spacePageFor,
} from "../storage/index.ts";
import type { DiskFile, Task } from "../task/index.ts";

const MOST_PROBLEMS = 100;

/**
 * Checks a page file as it is on disk, in which no log is left to redo: every page in use has a
 * right checksum, and the tree of them is right. Memory: the size of the file.
 */
export function* checkPages(
  file: DiskFile,
  params: TreeParameters,
  checksum: Checksum = crc32,
): Task<CheckReport> {
  const memory = yield* loadPages(file, params);
  const problems = damagedPages(memory, file.name, checksum);
  if (problems.length > 0) return { ok: false, problems };
  return new TreeChecker(memory, params).check();
}

/** Reads a page file as a whole; a page cut short is zero behind the cut. Memory: its size. */
export function* loadPages(file: DiskFile, params: TreeParameters): Task<PageMemory> {
  const { pageSize } = params;
  const pages = Math.ceil((yield* file.size()) / pageSize);
  const memory = new PageMemory({ pageSize });
  memory.ensure(pages);
  for (let id = 0; id < pages; id++) {
    yield* file.read(id * pageSize, asEditor(memory.frame(pageId(id))).bytes);
  }
  return memory;
}

/** Names the pages in use whose bytes are not what was written. */
function damagedPages(memory: PageMemory, fileName: string, checksum: Checksum): string[] {
  const problems: string[] = [];
  const pages = memory.pagesTouched;
  for (let id = 0; id < pages && problems.length < MOST_PROBLEMS; id++) {
    const page = memory.frame(pageId(id));
    const space = memory.frame(spacePageFor(pageId(id), memory.pageSize));
    if (!isInUse(space, pageId(id))) continue;
    const fault = pageFault(page, pageId(id), fileName, checksum);
    if (fault !== null) problems.push(fault.message);
  }
  return problems;
}
