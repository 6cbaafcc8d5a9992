import crc from "crc-32";
import { LatchworkError } from "../task/index.ts";
import type { PageId } from "./ids.ts";
import { checksumOf, pageIdOf, setChecksum } from "./page-header.ts";
import type { PageEditor, PageView } from "./page-view.ts";

/**
 * Sums up bytes in 32 bits, unsigned: CRC-32 as IEEE 802.3 has it, the one of zip and gzip.
 *
 * @param seed The checksum of what comes before `bytes`, to go on from there. Default 0: nothing.
 */
export type Checksum = (bytes: Uint8Array, seed?: number) => number;

/** CRC-32 in plain JavaScript, for every platform. O(bytes); equal to zlib's. */
export const crc32: Checksum = (bytes, seed = 0) => crc.buf(bytes, seed) >>> 0;

// The checksum is the first field of the header and covers everything after itself.
const COVERED_FROM = 4;

/** Writes the checksum of a page that is about to be stored into its header. O(page size). */
export function sealPage(page: PageEditor, checksum: Checksum = crc32): void {
  setChecksum(page, checksum(page.bytes.subarray(COVERED_FROM)));
}

/**
 * Finds out what is wrong with a page as it was read: its bytes, or its place. O(page size).
 *
 * A page of zeros is a hole of the file, never written. The checksum of zeros is not zero, so
 * such a page never passes for a sealed one.
 *
 * @param fileName What to call the file.
 * @returns the fault, as BAD_PAGE, or null for a page that is as it was sealed.
 */
export function pageFault(
  page: PageView,
  id: PageId,
  fileName: string,
  checksum: Checksum = crc32,
): LatchworkError | null {
  const expected = checksum(page.bytes.subarray(COVERED_FROM));
  const found = checksumOf(page);
  if (found === expected && pageIdOf(page) === id) return null;
  const at = pagePlace(fileName, id, page.bytes.length);
  if (found !== expected) {
    const what = page.bytes.every((byte) => byte === 0)
      ? "nothing but zeros, expected a page; it was never written"
      : `checksum ${hex(found)}, expected ${hex(expected)}; the page is damaged`;
    return new LatchworkError("BAD_PAGE", `${at}: ${what}`);
  }
  const what = `page ${pageIdOf(page)} is stored here, expected page ${id}; a write went astray`;
  return new LatchworkError("BAD_PAGE", `${at}: ${what}`);
}

/**
 * Checks a page as it was read.
 *
 * @throws LatchworkError BAD_PAGE, as {@link pageFault} has it.
 */
export function verifyPage(
  page: PageView,
  id: PageId,
  fileName: string,
  checksum: Checksum = crc32,
): void {
  const fault = pageFault(page, id, fileName, checksum);
  if (fault !== null) throw fault;
}

/** Names a page's place in messages: `pages: page 17 (offset 69632)`. */
export function pagePlace(fileName: string, id: PageId, pageSize: number): string {
  return `${fileName}: page ${id} (offset ${id * pageSize})`;
}

function hex(checksum: number): string {
  return `0x${checksum.toString(16).padStart(8, "0")}`;
}
