/**
 * A key or value of a trace as scenarios write it: `0000000a` is 10. A separator may be a shortened
 * key, which means the least key that begins with it.
 */
export function keyText(hex: string): string {
  return hex === "" ? "" : String(Number.parseInt(hex.padEnd(HEX_DIGITS, "0"), 16));
}

/** Hexadecimal digits of a whole key. */
const HEX_DIGITS = 8;
