import type { Entry } from "../../../src/lsm/index.ts";
import { bytesOfRun, tombstone, value } from "./run-fixture.ts";

/** The entries of the worked example in docs/run-format.md. */
export const EXAMPLE: readonly Entry[] = [
  value("apple", 5, "red"),
  value("apple", 2, "green"),
  tombstone("apply", 3),
  value("banana", 4),
];

/** The run of the worked example, as RunBuilder makes it. */
export function writeExample(): Uint8Array {
  return bytesOfRun(EXAMPLE, { blockBytes: 30, restartEvery: 2 });
}
