import {
  BadScenario,
  isReplayText,
  parseReplay,
  parseScenario,
  resolveProtocol,
  type Scenario,
} from "../../hunt/index.ts";
import { LatchworkError } from "../../task/index.ts";
import { parseSchedule, type Schedule } from "../../sim/index.ts";
import { film } from "../film/index.ts";
import { lineOfWord } from "./scenario-lines.ts";

/** What a text comes to: a scenario that can be run, or what is wrong with it and where. */
export type CheckedScenario =
  | { readonly kind: "scenario"; readonly scenario: Scenario; readonly schedule: Schedule }
  | { readonly kind: "fault"; readonly fault: ScenarioFault };

export interface ScenarioFault {
  /** From 1; null where no line is to blame. */
  readonly line: number | null;
  /** What is wrong, in one line. */
  readonly problem: string;
  /** What would be right there; empty where the problem says it. */
  readonly expected: string;
}

/**
 * Reads what somebody is typing: a scenario, perhaps with a schedule, or a replay line.
 *
 * @param own Names of protocols that are to be had elsewhere.
 */
export function checkScenario(text: string, own: readonly string[] = []): CheckedScenario {
  try {
    const file = isReplayText(text) ? parseReplay(text) : parseScenario(text);
    const { scenario } = file;
    const schedule = file.schedule === null ? [] : parseSchedule(file.schedule);
    const isOwn = own.includes(scenario.protocol) && scenario.bug === null;
    if (!isOwn) film(scenario, { schedule: [], rule: "exact", goOn: null });
    return { kind: "scenario", scenario, schedule };
  } catch (error) {
    return { kind: "fault", fault: faultOf(error, text) };
  }
}

function faultOf(error: unknown, text: string): ScenarioFault {
  if (error instanceof BadScenario) {
    const { line, problem, expected } = error;
    return { line: line === 0 ? null : line, problem, expected };
  }
  if (!(error instanceof LatchworkError)) throw error;
  return { line: lineToBlame(error, text), problem: error.message, expected: "" };
}

/** The line that says what cannot be had, where the text can be read as such. */
function lineToBlame({ code }: LatchworkError, text: string): number | null {
  if (isReplayText(text)) return null;
  if (code === "BAD_SCHEDULE") return lineOfWord(text, ["schedule"]);
  if (code === "BAD_CAPACITY") return lineOfWord(text, ["capacity"]);
  if (code === "BAD_PAGE_SIZE") return lineOfWord(text, ["page-size"]);
  const { scenario } = parseScenario(text);
  if (!canBeHad({ ...scenario, bug: null })) return lineOfWord(text, ["protocol"]);
  if (!canBeHad(scenario)) return lineOfWord(text, ["bug"]);
  return lineOfWord(text, ["tree", "build"]);
}

function canBeHad(scenario: Scenario): boolean {
  try {
    resolveProtocol(scenario);
    return true;
  } catch {
    return false;
  }
}
