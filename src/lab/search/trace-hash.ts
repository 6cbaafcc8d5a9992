import type { Protocol } from "../../btree/index.ts";
import { type Scenario, traceText } from "../../hunt/index.ts";
import type { Schedule } from "../../sim/index.ts";

/**
 * FNV-1a over the bytes of a run's trace, in eight hexadecimal digits: two runs with the same
 * digits did the same, in whatever browser or process they were.
 *
 * @param own Protocols of one's own that the scenario may name.
 * @throws LatchworkError for a scenario that cannot be run.
 */
export function traceHash(
  scenario: Scenario,
  schedule: Schedule,
  own: readonly Protocol[] = [],
): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(traceText(scenario, schedule, own))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
