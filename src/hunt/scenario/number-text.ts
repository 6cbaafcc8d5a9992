import { numberOf } from "./numbers.ts";

/** How a scenario's keys are printed. A separator may be a shortened key. */
export function numberText(key: Uint8Array): string {
  return key.length === 4 ? String(numberOf(key)) : shortText(key);
}

function shortText(key: Uint8Array): string {
  if (key.length === 0) return "";
  // A shortened separator means the least key that begins with it.
  const padded = new Uint8Array(4);
  padded.set(key.subarray(0, 4));
  return String(numberOf(padded));
}
