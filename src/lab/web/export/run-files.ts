import { formatScenario } from "../../../hunt/index.ts";
import { formatSchedule } from "../../../sim/index.ts";
import { type RunTexts, storyPageOf } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { workers } from "../worker/index.ts";

/** A file that a button makes. */
export interface RunFile {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly end: string;
  readonly type: string;
  /** Whether it tells the run to its end, so that the run has to be over. */
  readonly isWhole: boolean;
  readonly make: (lab: LabState) => Promise<string>;
}

/** Text files of the run that is shown. */
export const RUN_FILES: readonly RunFile[] = [
  {
    id: "page",
    title: "Story as a page",
    about: "one HTML file that steps through the run without the lab, and prints",
    end: ".html",
    type: "text/html",
    isWhole: false,
    make: async (lab) => {
      const { film } = lab.reel.value;
      const scenario = lab.scenario.value;
      if (!film.isOver) return storyPageOf({ scenario, film, story: null });
      const { told: story, replayOptions } = await textsOf(lab);
      return storyPageOf({ scenario, film, story, replayOptions });
    },
  },
  {
    id: "story",
    title: "Story as text",
    about: "as latchwork replay prints it",
    end: "-story.txt",
    type: "text/plain",
    isWhole: true,
    make: async (lab) => (await textsOf(lab)).story,
  },
  {
    id: "run",
    title: "Scenario with its schedule",
    about: "for latchwork replay, hunt and lab",
    end: ".txt",
    type: "text/plain",
    isWhole: false,
    make: async ({ scenario, reel }) =>
      formatScenario(scenario.value, formatSchedule(reel.value.film.schedule)),
  },
  {
    id: "trace",
    title: "Trace",
    about: "a line of JSON for each thing that happened, for tools",
    end: ".jsonl",
    type: "application/jsonl",
    isWhole: true,
    make: async (lab) => (await textsOf(lab)).trace,
  },
];

/** The run is told where it may run: that of a protocol of the reader's own is not, in the page. */
async function textsOf({ scenario, reel }: LabState): Promise<RunTexts> {
  const { schedule } = reel.value.film;
  return await workers.do({ kind: "texts", scenario: scenario.value, schedule }).answer;
}

/** What files of a run are called: `latchwork-crabbing-C1`. */
export function nameOf({ scenario }: LabState): string {
  const { protocol, bug } = scenario.value;
  return `latchwork-${protocol}${bug === null ? "" : `-${bug}`}`;
}
