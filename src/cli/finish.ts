import { printable } from "../task/index.ts";
import {
  EXIT_CLEAN,
  EXIT_FOUND,
  EXIT_INTERRUPTED,
  EXIT_NOT_WRITTEN,
  type NotWritten,
} from "./exit.ts";
import { outputFault, unwrittenText } from "./output.ts";
import { standFor } from "./process-end.ts";

/** How far a verb is that reports what it finds as it goes on. */
export interface Standing {
  /** Whether all was looked at that is to be looked at. */
  readonly isDone: boolean;
  readonly isFound: boolean;
  readonly isInterrupted: boolean;
}

/**
 * Sets the exit code for the case that the reader of the output goes away now, which ends the
 * process. To be called before each print: what was not looked at was not found right.
 */
export function standAt({ isDone, isFound, isInterrupted }: Standing): void {
  if (isInterrupted) standFor(EXIT_INTERRUPTED);
  else if (isFound) standFor(EXIT_FOUND);
  else standFor(isDone ? EXIT_CLEAN : EXIT_NOT_WRITTEN);
}

/** Nothing was looked at so far. */
export function standAtStart(): void {
  standAt({ isDone: false, isFound: false, isInterrupted: false });
}

/**
 * Ends a verb that outlives its output: says what could not be written, and sets the exit code.
 * What was found counts more than that it could not be printed.
 */
export async function finish(code: number, unwritten: readonly NotWritten[] = []): Promise<void> {
  for (const { message } of unwritten) complain(message);
  const fault = await outputFault();
  if (fault !== null) complain(unwrittenText(fault));
  const isWritten = unwritten.length === 0 && fault === null;
  standFor(isWritten || code !== EXIT_CLEAN ? code : EXIT_NOT_WRITTEN);
}

function complain(fault: string): void {
  process.stderr.write(`latchwork: ${printable(fault)}\n`);
}
