import { jsonKey } from "../models/index.ts";

const VALUE_LENGTH_MAX = 40;

/** A value in a sentence: JSON, cut off at a length. */
export function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? String(jsonKey(value));
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}...` : text;
}
