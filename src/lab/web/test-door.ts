import { parseReplay } from "../../hunt/index.ts";
import { parseSchedule } from "../../sim/index.ts";
import { type Order, traceHash } from "../index.ts";
import type { LabState } from "./state/index.ts";
import type { Workers } from "./worker/index.ts";

/** What tests, benchmarks and the curious reach the lab by: `latchworkLab` of the window. */
export interface TestDoor {
  readonly version: string;
  readonly lab: LabState;
  readonly workers: Workers;
  /** The hash of the trace of the run that a replay line names. */
  readonly traceHash: (line: string) => string;
  /** Milliseconds until a worker has carried an order out. */
  readonly orderMs: (order: Order) => Promise<number>;
  /** Milliseconds until a stop is shown: drawn anew, and laid out. */
  readonly seekMs: (stop: number) => Promise<number>;
  /** How many frames are drawn in so many milliseconds, while the run plays from where it is. */
  readonly framesIn: (ms: number) => Promise<number>;
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
    orderMs: async (order) => {
      const startedMs = performance.now();
      await workers.do(order).answer;
      return performance.now() - startedMs;
    },
    seekMs: async (stop) => {
      const startedMs = performance.now();
      lab.seek(stop);
      while (shownStop() !== stop) {
        // oxlint-disable-next-line no-await-in-loop -- until the page has been drawn anew
        await new Promise<void>((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener("message", () => resolve(), { once: true });
          port1.start();
          port2.postMessage(null);
        });
      }
      document.body.getBoundingClientRect();
      return performance.now() - startedMs;
    },
    framesIn: async (ms) => {
      lab.play();
      const untilMs = performance.now() + ms;
      let frames = 0;
      for (; performance.now() < untilMs; frames++) {
        // oxlint-disable-next-line no-await-in-loop -- one frame after the other
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
      }
      lab.pause();
      return frames;
    },
  };
}

/** The stop that the time line shows. */
function shownStop(): number {
  return Number(document.querySelector<HTMLInputElement>(".time input[type=range]")?.value);
}
