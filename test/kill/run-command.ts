import { runScript } from "../support/run-script.ts";

/** What the commands of this folder tell with `--json`. */
export interface Outcome {
  readonly rounds: number;
  readonly problems: readonly string[];
}

/** Runs one of the commands as a user does, in a process of its own. */
export function runCommand<Told extends Outcome>(name: string, rounds: number): Promise<Told> {
  return runScript(new URL(name, import.meta.url), ["--rounds", String(rounds)]);
}
