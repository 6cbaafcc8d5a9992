import { expect } from "vitest";
import { type Scenario, tellStory } from "../../../src/hunt/index.ts";
import { formatSchedule, type Schedule } from "../../../src/sim/index.ts";

/** Expects that the story of a failed run says in whole sentences what broke. */
export function expectWholeSentences(scenario: Scenario, schedule: Schedule): void {
  const story = tellStory(scenario, formatSchedule(schedule));
  for (const line of [story.title, ...story.why.map((one) => one.trim())]) {
    expect(line).not.toMatch(/ {2}|undefined|\bnull\b|\btask \d|log-0|key 0x|waits to wait|#\d/);
  }
  expect(story.title).not.toMatch(/^not-durable: not durably/);
}
