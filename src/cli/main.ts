#!/usr/bin/env node
/**
 * The command line: verbs over everything below, and no logic of its own.
 *
 * Each verb is one file that reads its arguments, calls the room that does the work and prints what
 * comes back. What is printed goes to standard output, progress to standard error and only to a
 * terminal.
 *
 * Invariants:
 * 1. Bad input is one line that begins with `latchwork:`, and exit code 2; never a stack trace.
 * 2. A failure that was found is exit code 1; nothing found is 0; a check that could not say is 3;
 *    Ctrl-C is 130, and what was found or explored until then is printed.
 *    A reader who goes away ends it: with 1 if something was found by then, with 74 if not all was
 *    looked at, else with 0.
 *    A module of the user's that ends the process before all is done ends it with 1 or 74 alike;
 *    one that leaves a timer or a socket open does not keep it.
 * 3. A bug of this package is exit code 70, with the line that replays it.
 * 4. Colour is never the only cue, and with `--json` nothing else is printed: what a
 *    module of the user's prints goes to standard error.
 *
 * Left out: a shell of its own, configuration files.
 */
import { dieQuietlyOnClosedPipe, endOnceWritten } from "./output.ts";
import { refuseOtherEnd } from "./process-end.ts";
import { runCommand } from "./run.ts";

dieQuietlyOnClosedPipe();
refuseOtherEnd();
await runCommand(process.argv.slice(2));
await endOnceWritten();
