import { LatchworkError } from "../../task/index.ts";
import type { Scenario } from "./scenario.ts";
import { formatScenario, parseScenario, type ScenarioFile } from "./scenario-text.ts";

const PREFIX = "LW1:";
const CHECK_DIGITS = 6;

/**
 * Writes a scenario and a schedule as one line that replays the run anywhere:
 * `LW1:protocol crabbing;capacity 2;tree [10,20];task get 20;schedule a3#4f09c2`.
 *
 * It names protocol, bug, workload and schedule, not a seed, so it outlives changes of the
 * strategies. The digits at the end catch a string that was cut short or mistyped.
 */
export function formatReplay(scenario: Scenario, schedule: string): string {
  const body = formatScenario(scenario, schedule).trimEnd().replaceAll("\n", ";");
  return `${PREFIX}${body}#${checkDigits(body)}`;
}

/** Whether a text is meant as a replay line, of this version or another. */
export function isReplayText(text: string): boolean {
  return /^\s*LW\d+:/.test(text);
}

/**
 * Reads what {@link formatReplay} wrote.
 *
 * @throws LatchworkError BAD_SCHEDULE for another version, a string cut short or mistyped, or one
 *   without a schedule; BAD_SCENARIO for what is wrong inside.
 */
export function parseReplay(text: string): ScenarioFile & { readonly schedule: string } {
  const trimmed = text.trim();
  const version = /^LW(\d+):/.exec(trimmed)?.[1];
  if (version !== "1") {
    const found = version === undefined ? JSON.stringify(trimmed.slice(0, 12)) : `LW${version}:`;
    throw bad(`begins with ${found}; this version reads ${PREFIX}`);
  }
  const mark = trimmed.lastIndexOf("#");
  const body = trimmed.slice(PREFIX.length, mark < 0 ? undefined : mark);
  if (mark < 0 || trimmed.slice(mark + 1) !== checkDigits(body)) {
    throw bad("was cut short or changed: its check digits do not fit; copy the whole line");
  }
  const file = parseScenario(body.replaceAll(";", "\n"));
  if (file.schedule === null)
    throw bad("names no schedule; expected a part such as: schedule a3b7");
  return { ...file, schedule: file.schedule };
}

/** FNV-1a over the characters, in a few hexadecimal digits: against slips, not against malice. */
function checkDigits(body: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < body.length; i++) {
    hash = Math.imul(hash ^ body.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0").slice(-CHECK_DIGITS);
}

function bad(what: string): LatchworkError {
  return new LatchworkError("BAD_SCHEDULE", `replay string ${what}`);
}
