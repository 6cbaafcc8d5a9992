import { printable } from "../../task/index.ts";
import { VALUE_DEPTH_MAX } from "../json-value.ts";

/** How much a reader takes in one piece, so that no file can exhaust memory or stack. */
export interface ReadLimits {
  /** The most UTF-16 units in one line, or in one event of an EDN file. */
  readonly lineLengthMax: number;
  /** How deep lists and maps may be nested. */
  readonly depthMax: number;
}

export const READ_LIMITS: ReadLimits = {
  lineLengthMax: 4 * 1024 * 1024,
  depthMax: VALUE_DEPTH_MAX,
};

/** What stands in a text for bytes that are not UTF-8: values that differ would be the same. */
export const REPLACEMENT = "\ufffd";

/**
 * Bytes may have been lost before the text came here, so U+FFFD itself cannot be distinguished from
 * it.
 */
export const NOT_UTF8 =
  "bytes that are not UTF-8; write the file as UTF-8, and U+FFFD itself as \\ufffd";

const QUOTED_MAX = 60;

/** What stands in the file, on one line and short enough for a message. */
export function quoted(text: string): string {
  return printable(JSON.stringify(shortened(text)));
}

export function shortened(text: string): string {
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}...` : text;
}
