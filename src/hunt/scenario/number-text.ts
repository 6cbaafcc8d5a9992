import { numberOf } from "./numbers.ts";

/** How a scenario's keys are printed. A separator may be a shortened key. */
export function numberText(key: Uint8Array): string {
  return key.length === 4 ? String(numberOf(key)) : shortText(key);
}

function shortText(key: Uint8Array): string {
  if (key.length === 0) return "";
  // A shortened separator stands for the least key that begins with it.
  const padded = new Uint8Array(4);
  padded.set(key.subarray(0, 4));
  return String(numberOf(padded));
}

/** Puts a scenario's numbers in the place of keys in hexadecimal: `key 0x0000000a` is `key 10`. */
export function numbersIn(text: string): string {
  return text.replaceAll(/\bkey 0x((?:[0-9a-f]{2}){0,4})\b/g, (_, digits: string) => {
    const bytes = digits.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
    return `key ${numberText(Uint8Array.from(bytes))}`;
  });
}
