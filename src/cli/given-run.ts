import { isReplayText, parseReplay, parseScenario, type ScenarioFile } from "../hunt/index.ts";
import { BadInput } from "./exit.ts";
import { exists, STANDARD_INPUT } from "./files.ts";
import { inFile, readText } from "./scenario-file.ts";

/**
 * Reads the run that a verb is given: a line `LW1:...`, or a file that holds one or a scenario.
 *
 * @throws BadInput if it is neither, LatchworkError for what is wrong in a line.
 */
export function readGivenRun(verb: string, run: string): ScenarioFile {
  if (isReplayText(run)) return parseReplay(run);
  if (run !== STANDARD_INPUT && !exists(run)) {
    throw new BadInput(
      `${verb}: ${JSON.stringify(shortened(run))} is no file, nor a line that begins with LW1:`,
    );
  }
  const text = readText(run);
  return inFile(run, () => (isReplayText(text) ? parseReplay(text) : parseScenario(text)));
}

/** So much of what was given is repeated in a message. */
const SHOWN = 40;

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}
