import { type Checksum, crc32 } from "../../storage/index.ts";
import { type Disk, LatchworkError, type Task } from "../../task/index.ts";
import { NEW_TABLES_FILE, readFile, TABLES_FILE } from "../../wal/index.ts";
import { type Catalog, decodeCatalog, encodeCatalog } from "./catalog.ts";

/**
 * Reads the catalog of a directory; null if there is none.
 *
 * @throws LatchworkError NOT_A_DATABASE if it is foreign, damaged or of another version, or
 *   DISK_ERROR.
 */
export function* readCatalog(disk: Disk, checksum: Checksum = crc32): Task<Catalog | null> {
  try {
    return decodeCatalog(yield* readFile(disk, TABLES_FILE), checksum);
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    if (error.code === "NO_SUCH_FILE") return null;
    throw error.code === "BAD_LOG" ? new LatchworkError("NOT_A_DATABASE", error.message) : error;
  }
}

/**
 * Writes the catalog that is to replace the one there is, and makes its bytes durable. If that
 * fails, nothing has changed.
 *
 * @throws LatchworkError DISK_ERROR or NO_SPACE.
 */
export function* prepareCatalog(disk: Disk, catalog: Catalog, checksum: Checksum): Task<void> {
  const file = yield* disk.open(NEW_TABLES_FILE, "create");
  try {
    yield* file.write(0, encodeCatalog(catalog, checksum));
    yield* file.sync();
  } finally {
    yield* file.close();
  }
}

/**
 * Puts the catalog that was prepared in the place of the one there is, atomically and durably:
 * whatever happens, the old one is there or the new one, whole.
 *
 * @throws LatchworkError DISK_ERROR or NO_SPACE; it is then unknown which of the two there is.
 */
export function* replaceCatalog(disk: Disk): Task<void> {
  yield* disk.rename(NEW_TABLES_FILE, TABLES_FILE);
  yield* disk.syncDirectory();
}
