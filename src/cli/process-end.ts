import { EXIT_CLEAN, EXIT_FOUND, EXIT_INTERRUPTED, EXIT_NOT_WRITTEN } from "./exit.ts";

/** The exit code that would be right if the process ended now; a module may set Node's. */
let standing = EXIT_CLEAN;
let isOurs = false;

/** Sets the exit code for the case that the process ends now. */
export function standFor(code: number): void {
  standing = code;
  process.exitCode = code;
}

/** Ends the process: what a module of the user's has left open does not keep it. */
export function endProcess(code: number): never {
  isOurs = true;
  process.exit(code);
}

/**
 * From now on an end that is not {@link endProcess}, as a module of the user's makes one with
 * `process.exit(0)`, does not pass for a command that has done all: one line says so, and the exit
 * code is the one for it, unless a failure was found before.
 */
export function refuseOtherEnd(): void {
  process.once("exit", () => {
    if (isOurs) return;
    const isTold = standing === EXIT_FOUND || standing === EXIT_INTERRUPTED;
    process.exitCode = isTold ? standing : EXIT_NOT_WRITTEN;
    process.stderr.write(
      "latchwork: the process was ended before all was done; " +
        "code that is run here must not call process.exit, nor throw outside of a task\n",
    );
  });
}
