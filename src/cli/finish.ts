import { printable } from "../task/index.ts";
import { EXIT_CLEAN, EXIT_NOT_WRITTEN, type NotWritten } from "./exit.ts";
import { outputFault, unwrittenText } from "./output.ts";

/**
 * Ends a verb that outlives its output: says what could not be written, and sets the exit code.
 * What was found counts more than that it could not be told.
 */
export async function finish(code: number, unwritten: readonly NotWritten[] = []): Promise<void> {
  for (const { message } of unwritten) complain(message);
  const fault = await outputFault();
  if (fault !== null) complain(unwrittenText(fault));
  const isWritten = unwritten.length === 0 && fault === null;
  process.exitCode = isWritten || code !== EXIT_CLEAN ? code : EXIT_NOT_WRITTEN;
}

function complain(fault: string): void {
  process.stderr.write(`latchwork: ${printable(fault)}\n`);
}
