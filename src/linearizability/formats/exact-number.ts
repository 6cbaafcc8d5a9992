/**
 * Reads a decimal number, if a JavaScript number distinguishes it from every other decimal.
 *
 * Otherwise two values that differ in the file could be read as the same value, and a wrong history
 * be called right. All integers up to 2^53 - 1 are exact, and so is every decimal that a program
 * printed from a double.
 *
 * @param text A number as JSON writes it; a sign `+` and leading zeros do no harm.
 * @returns null if digits would be lost. -0 becomes 0.
 */
export function exactNumber(text: string): number | null {
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return null;
  if (text.length > 15 || /[eE]/.test(text)) {
    if (digitsOf(text) !== digitsOf(String(value))) return null;
  }
  return value === 0 ? 0 : value;
}

/** The digits that matter: no sign, point, exponent, nor zeros at either end. */
function digitsOf(text: string): string {
  const [mantissa = ""] = text.split(/[eE]/, 1);
  let begin = 0;
  const digits = mantissa.replace(/[+.-]/g, "");
  while (digits[begin] === "0") begin++;
  let end = digits.length;
  while (end > begin && digits[end - 1] === "0") end--;
  return digits.slice(begin, end);
}
