import { parseReplay } from "../../hunt/index.ts";
import { parseSchedule } from "../../sim/index.ts";
import { traceHash } from "../index.ts";
import type { LabState } from "./state/index.ts";
import type { Workers } from "./worker/index.ts";

/** What tests, benchmarks and the curious reach the lab by: `latchworkLab` of the window. */
export interface TestDoor {
  readonly version: string;
  readonly lab: LabState;
  readonly workers: Workers;
  /** The hash of the trace of the run that a replay line names. */
  readonly traceHash: (line: string) => string;
}

declare const LATCHWORK_VERSION: string;
declare global {
  interface Window {
    latchworkLab?: TestDoor;
  }
}

/** Opens the door of this page. */
export function openTestDoor(lab: LabState, workers: Workers): void {
  window.latchworkLab = {
    version: LATCHWORK_VERSION,
    lab,
    workers,
    traceHash: (line) => {
      const { scenario, schedule } = parseReplay(line);
      return traceHash(scenario, parseSchedule(schedule));
    },
  };
}
