import { assert, describe, expect, it } from "vitest";
import {
  formatStory,
  huntScenario,
  parseReplay,
  parseScenario,
  replayScenario,
  type Story,
  tellStory,
  traceText,
} from "../../../src/hunt/index.ts";
import { defaultPortfolio, Trace } from "../../../src/sim/index.ts";
import { OptimisticReader, TrustsItsEyes } from "../../btree/protocols/optimistic-reader.ts";

const TORN = "capacity 4\ntree [10,20]\ntask get 20\ntask insert 5\n";
const PHASES = ["version", "header", "slots", "cells"];

interface Line {
  readonly kind: string;
  readonly task: number;
  readonly step: number;
  readonly outcome?: string;
  readonly page: number;
  readonly phase: string;
  readonly isValid: boolean | null;
}

function tornStory(): Story {
  const { scenario } = parseScenario(TORN);
  const protocol = new TrustsItsEyes();
  const { replay } = huntScenario(
    { ...scenario, protocol: protocol.name },
    { protocols: [protocol], strategies: defaultPortfolio, seed: 1, runsMax: 500 },
  );
  assert(replay !== null, "a page that is not validated is seen torn");
  const found = parseReplay(replay);
  return tellStory(found.scenario, found.schedule, [protocol]);
}

/** The steps of task a, which meets nobody or a writer at its leaf. */
function readerSteps(schedule: string): Line[] {
  const protocol = new OptimisticReader();
  const { scenario } = parseScenario(TORN);
  const text = traceText({ ...scenario, protocol: protocol.name }, schedule, [protocol], "loose");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  return lines.filter(({ kind, task }) => kind === "page-read-optimistic" && task === 0);
}

describe("a page that is read without a latch", () => {
  it("has its steps in the story of the run", () => {
    const story = tornStory();
    const text = formatStory(story, { widthMax: 160 });
    expect(text).not.toContain("without a step");
    expect(text).toMatch(/get 20 -> absent, from step \d+ to \d+/);
    for (const deed of [
      "takes version of page 2 (root leaf), as child",
      "reads header of page 2 (root leaf), as child",
      "reads slots of page 2 (root leaf), as child",
      "reads cells of page 2 (root leaf), as child",
      "validates version of the meta page, as meta",
    ]) {
      expect(text.replaceAll(/ +/g, " ")).toContain(deed);
    }
    // Every step of the run is told.
    expect(story.rows.filter(({ step }) => step !== null)).toHaveLength(story.steps);
  });

  it("has in each line of the trace the phase that was taken, and what it came to", () => {
    const steps = readerSteps("a30b30");
    expect(steps.slice(0, 5).map(({ phase }) => phase)).toEqual([...PHASES, "validate"]);
    expect(steps.map(({ isValid }) => isValid)).toEqual(
      steps.map(({ phase }) => (phase === "version" || phase === "validate" ? true : null)),
    );
    // A writer changes the leaf between the reader's look at its slots and at its cells.
    const torn = readerSteps("a9b30a30");
    const last = torn.filter(({ isValid }) => isValid === false);
    expect(last.map(({ phase, page }) => [phase, page])).toEqual([["validate", 2]]);
  });

  it("is in the event log as it was before the step, and afterwards", () => {
    const protocol = new OptimisticReader();
    const { scenario } = parseScenario(TORN);
    const own = { ...scenario, protocol: protocol.name };
    const trace = new Trace();
    const looked: string[] = [];
    const { scheduler } = replayScenario(
      own,
      "a30b30",
      (made) => {
        made.trace = trace;
        made.onStep = (_, step) => {
          const fact = step?.fact();
          looked.push(fact?.kind === "page-read-optimistic" ? fact.phase : "");
        };
      },
      [protocol],
      "loose",
    );
    const told = Array.from({ length: trace.length }, (_, i) => {
      const { fact } = trace.at(i);
      return fact.kind === "page-read-optimistic" ? fact.phase : "";
    });
    expect(told).toEqual(looked);
    expect(scheduler.failure).toBeNull();
  });
});
