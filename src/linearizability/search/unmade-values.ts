import { INVOKE, NEVER, type Problem, RETURN } from "./part.ts";

/**
 * The first event at which an operation returns that found a value nobody had begun to make; NEVER
 * if there is none. O(events), and what scans found.
 */
export function unmadeAt({ part, steps }: Problem): number {
  const prints = steps.footprints;
  if (prints === null) return NEVER;
  const { events, isRequired } = part;
  const { columns } = prints;
  const isMade = new Uint8Array(columns.values);
  for (const value of prints.firstValues) isMade[value] = 1;
  for (let i = 0; i < events.length; i++) {
    const event = events[i] ?? 0;
    const operation = event >> 2;
    const kind = event & 3;
    if (kind === INVOKE) {
      const value = columns.makes[operation] ?? 0;
      if (value >= 0) isMade[value] = 1;
    } else if (kind === RETURN && isRequired[operation] === 1) {
      if (!prints.areNeedsAmong(operation, isMade)) return i;
    }
  }
  return NEVER;
}
