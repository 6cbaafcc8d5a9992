import { checkEntry, checkKey } from "../btree/index.ts";
import type { Task } from "../task/index.ts";
import type { BatchWrite, EngineState } from "./engine-state.ts";

/**
 * Rejects a batch with a key or a value that cannot be, before anything is done. O(writes).
 *
 * @throws LatchworkError KEY_TOO_LONG or VALUE_TOO_LONG.
 */
export function* refuseBadWrites(
  { host, store }: Pick<EngineState, "host" | "store">,
  writes: readonly BatchWrite[],
): Task<void> {
  for (const write of writes) {
    if (write.kind === "put") checkEntry(store.params, write.key, write.value);
    else checkKey(store.params, write.key);
    const pause = host.pauseIfDue();
    if (pause !== null) yield pause;
  }
}
