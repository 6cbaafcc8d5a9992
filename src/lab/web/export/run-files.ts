import {
  formatScenario,
  formatStory,
  type Story,
  tellStory,
  traceText,
} from "../../../hunt/index.ts";
import { formatSchedule } from "../../../sim/index.ts";
import { LatchworkError } from "../../../task/index.ts";
import { storyPageOf } from "../../index.ts";
import type { LabState } from "../state/index.ts";

/** The file that a button makes. */
export interface RunFile {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly end: string;
  readonly type: string;
  /** Whether it tells the run to its end, so that the run has to be over. */
  readonly isWhole: boolean;
  readonly make: (lab: LabState) => string;
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
    make: (lab) => {
      const { film } = lab.reel.value;
      return storyPageOf({ scenario: lab.scenario.value, film, story: storyOf(lab) });
    },
  },
  {
    id: "story",
    title: "Story as text",
    about: "as latchwork replay prints it",
    end: "-story.txt",
    type: "text/plain",
    isWhole: true,
    make: ({ scenario, reel }) => formatStory(tellStory(scenario.value, reel.value.film.schedule)),
  },
  {
    id: "run",
    title: "Scenario with its schedule",
    about: "for latchwork replay, hunt and lab",
    end: ".txt",
    type: "text/plain",
    isWhole: false,
    make: ({ scenario, reel }) =>
      formatScenario(scenario.value, formatSchedule(reel.value.film.schedule)),
  },
  {
    id: "trace",
    title: "Trace",
    about: "a line of JSON for each thing that happened, for tools",
    end: ".jsonl",
    type: "application/jsonl",
    isWhole: true,
    make: ({ scenario, reel }) => traceText(scenario.value, reel.value.film.schedule),
  },
];

/** The story of the run, if it is over and its protocol is one that this page can run. */
function storyOf({ scenario, reel }: LabState): Story | null {
  const { film } = reel.value;
  if (!film.isOver) return null;
  try {
    return tellStory(scenario.value, film.schedule);
  } catch (error) {
    if (error instanceof LatchworkError) return null;
    throw error;
  }
}

/** What files of a run are called: `crabbing-c1`. */
export function nameOf({ scenario }: LabState): string {
  const { protocol, bug } = scenario.value;
  return `latchwork-${protocol}${bug === null ? "" : `-${bug}`}`;
}
