import { type Disk, type DiskFile, LatchworkError, type Task } from "../task/index.ts";

/** Larger files are refused: no segment of ours comes near, and no array could hold them. */
const BYTES_MAX = 2 ** 31;

/**
 * Reads a whole file.
 *
 * @throws LatchworkError NO_SUCH_FILE or DISK_ERROR; BAD_LOG for a file of 2 GiB and more.
 */
export function* readFile(disk: Disk, name: string): Task<Uint8Array> {
  const file = yield* disk.open(name, "read");
  try {
    return yield* readAll(file, yield* file.size());
  } finally {
    yield* file.close();
  }
}

function* readAll(file: DiskFile, size: number): Task<Uint8Array> {
  if (size >= BYTES_MAX) {
    throw new LatchworkError("BAD_LOG", `${file.name}: ${size} bytes, expected less than 2 GiB`);
  }
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = yield* file.read(length, bytes.subarray(length));
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
