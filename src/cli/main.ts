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
 * 3. A bug of this package is exit code 70, with the line that replays it.
 * 4. Colour is never the only cue, and with `--json` nothing else is printed.
 *
 * Left out: a shell of its own, configuration files.
 */
import { Command } from "commander";
import { addBugs } from "./bugs.ts";
import { addCheck } from "./check.ts";
import { exitCodeOf, EXIT_CODES_HELP, report } from "./exit.ts";
import { addHunt } from "./hunt.ts";
import { addInspect } from "./inspect.ts";
import { dieQuietlyOnClosedPipe, print } from "./output.ts";
import { addProtocols } from "./protocols.ts";
import { addRecover } from "./recover.ts";
import { addReplay } from "./replay.ts";
import { addTour } from "./tour.ts";
import { addVerify } from "./verify.ts";
import { version } from "./version.ts";

function commandLine(): Command {
  const program = new Command("latchwork")
    .description("Hunts races in a latched B+ tree: every interleaving, from a seed.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [verb]", "print the help of a verb")
    .configureOutput({ writeErr: () => undefined })
    .addHelpText("after", EXIT_CODES_HELP)
    .exitOverride();
  const verbs = [addHunt, addReplay, addBugs, addProtocols, addTour, addCheck];
  for (const add of [...verbs, addInspect, addVerify, addRecover]) add(program);
  return program;
}

async function main(): Promise<void> {
  dieQuietlyOnClosedPipe();
  const program = commandLine();
  if (process.argv.length <= 2) {
    print(program.helpInformation());
    return;
  }
  try {
    await program.parseAsync();
  } catch (error) {
    report(error);
    process.exitCode = exitCodeOf(error);
  }
}

await main();
