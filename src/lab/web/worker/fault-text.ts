import { lineInStack, shownError } from "../../../sim/index.ts";

/** What stacks call the text that the reader has pasted. */
export const OWN_NAME = "your-protocol.js";

/** What went wrong, in one line, with the line of the reader's own text if it happened there. */
export function faultText(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : shownError(error)).split("\n");
  const line = lineOfFault(error);
  return line === null ? first : `${first} (line ${line} of your protocol)`;
}

/** The innermost line of the reader's own text that led to an error; null if none did. */
export function lineOfFault(error: unknown): number | null {
  return error instanceof Error ? lineInStack(error.stack ?? "", OWN_NAME) : null;
}
