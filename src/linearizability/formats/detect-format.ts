/** A format that histories are read in. `jsonl` is our own; see docs/history-format.md. */
export type HistoryFormat = "jsonl" | "edn" | "etcd" | "porcupine-kv";

export const HISTORY_FORMATS: readonly HistoryFormat[] = ["jsonl", "edn", "etcd", "porcupine-kv"];

/** How much of a file is looked at, at most, in UTF-16 units. */
export const DETECT_LENGTH_MAX = 65_536;

/** The whole first line, or as much of a file as is looked at, begins with one of these. */
const SIGNS: readonly (readonly [RegExp, HistoryFormat])[] = [
  [/^\{\s*"/, "jsonl"],
  [/^INFO\b/, "etcd"],
  [/^\{[^\n]*:key\s+"/, "porcupine-kv"],
  // A map, a list, a vector, a tag or a comment.
  [/^(?:\{|\(|\[|#|;)/, "edn"],
];

/**
 * Detects the format of a file by how it begins; null if no format begins so.
 *
 * A file that is empty is a history without operations in all of them.
 */
export function detectFormat(beginning: string): HistoryFormat | null {
  const text = beginning.replace(/^\ufeff/, "").trimStart();
  if (text === "") return "jsonl";
  // JSON that holds the whole history in one array looks like EDN, but is neither of the two.
  if (/^\[\s*(?:\{\s*(?:"|\})|\[|\]\s*$)/.test(text)) return null;
  return SIGNS.find(([sign]) => sign.test(text))?.[1] ?? null;
}
