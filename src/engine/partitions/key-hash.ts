import { murmur3 } from "../../storage/index.ts";

/** The name of {@link murmur3} with seed 0 in the file `partitions`. */
export const HASH_NAME = "murmur3-32";

/** The partition that a key belongs to, of so many. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return murmur3(key) % partitions;
}
