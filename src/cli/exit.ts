import { CommanderError } from "commander";
import type { HuntBroken } from "../hunt/index.ts";
import { LatchworkError, printable } from "../task/index.ts";

export const EXIT_CLEAN = 0;
export const EXIT_FOUND = 1;
export const EXIT_BAD_INPUT = 2;
/** Neither yes nor no: time or memory ran out. */
export const EXIT_UNKNOWN = 3;
/** An internal error, as in BSD's sysexits.h. */
export const EXIT_OWN_BUG = 70;
/** An error of output, as in BSD's sysexits.h. */
export const EXIT_NOT_WRITTEN = 74;
/** 128 and the number of SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** What the help of every verb says of exit codes. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    nothing was found
  1    a failure was found
  2    bad input
  70   a bug in latchwork itself
  74   the output or a file could not be written, or its reader went away, or a
       protocol file ended the process early or a worker died, and no failure
       was found
  130  interrupted by Ctrl-C; what was found until then is printed
`;

/** What the help of `prove` says of exit codes. */
export const PROVE_EXIT_CODES_HELP = `
Exit codes:
  0    every interleaving was run, and none fails
  1    a failure was found
  2    bad input, or a checkpoint of something else
  3    neither: the budget was used before all was run, or some runs were such
       that they prove nothing
  70   a bug in latchwork itself
  74   the output or the checkpoint could not be written, and no failure was found
  130  interrupted by Ctrl-C; with --checkpoint the search can be resumed
`;

const OTHER_VERBS = "hunt, prove, replay, bugs, protocols, tour, lab, check, stress";
const DATABASE_VERBS = "tables, inspect, verify, recover, repartition or serve";

/** What the help of the verbs for databases says of exit codes. */
export const DATABASE_EXIT_CODES_HELP = `
Exit codes:
  0    no damage was found
  1    the database is damaged; one line for each problem
  2    there is no database, it is in use, or the input is bad
  70   a bug in latchwork itself
  74   the output could not be written
`;

/** What the help of `stress` says of exit codes. */
export const STRESS_EXIT_CODES_HELP = `
Exit codes:
  0    every answer was one that a right server gives, and nothing was lost
  1    the server failed (5xx), refused what is right, or lost what it acknowledged
  2    bad input, or nothing serves at the address
  70   a bug in latchwork itself
  74   the output or the history could not be written
  130  interrupted by Ctrl-C; what was answered until then is printed
`;

/** What the help of `check` says of exit codes. */
export const CHECK_EXIT_CODES_HELP = `
Exit codes:
  0    linearizable
  1    not linearizable; of several files, one is not
  2    bad input, or nothing to check; of several files, one is such and none is a violation
  3    unknown, as time or memory ran out, and neither of the above
  70   a bug in latchwork itself
  74   the output or a picture could not be written, or the reader went away
       before every file was judged, and no file is a violation
  130  interrupted by Ctrl-C; what was found until then is printed
`;

/** Input that cannot be used; the message says what, where, and what would be right. */
export class BadInput extends Error {
  override readonly name: string = "BadInput";
}

/** A file that the user asked for, and that cannot be written. */
export class NotWritten extends BadInput {
  override readonly name: string = "NotWritten";
}

/** The exit code for something that was thrown. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CLEAN;
  if (error instanceof NotWritten) return EXIT_NOT_WRITTEN;
  return isBadInput(error) ? EXIT_BAD_INPUT : EXIT_OWN_BUG;
}

/** Prints what was thrown: one line for bad input, everything there is for a bug of ours. */
export function report(error: unknown): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  if (isBadInput(error)) process.stderr.write(`latchwork: ${printable(oneLine(error))}\n`);
  else process.stderr.write(describeOwnBug(error).split("\n").map(printable).join("\n"));
}

function isBadInput(error: unknown): error is Error {
  return (
    error instanceof CommanderError || error instanceof BadInput || error instanceof LatchworkError
  );
}

function oneLine(error: Error): string {
  const text = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
  if (!(error instanceof CommanderError)) return text;
  if (error.code === "commander.unknownCommand" && !text.includes("Did you mean")) {
    return `${text}; expected ${OTHER_VERBS}, ${DATABASE_VERBS}`;
  }
  return error.code === "commander.unknownOption" ? `${text}; --help lists the options` : text;
}

function describeOwnBug(error: unknown): string {
  const cause = isHuntBroken(error) ? error.cause : error;
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const replay = isHuntBroken(error) ? `replay with\n  latchwork replay '${error.replay}'\n` : "";
  return `latchwork: this is a bug in latchwork\n${stack}\n${replay}`;
}

/** Recognised by its name: what only checks a history need not load the hunt. */
function isHuntBroken(error: unknown): error is HuntBroken {
  return error instanceof Error && error.name === "HuntBroken";
}
