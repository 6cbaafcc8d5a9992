import { expect, it } from "vitest";
import { runScript } from "../support/run-script.ts";
import { budget } from "../campaign.ts";

interface Fuzzed {
  readonly requests: number;
  readonly answers: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

const REQUESTS = budget({ short: 200, campaign: 5000 });

it("answers mutated requests with 4xx, and loses neither descriptors nor its wits", async () => {
  const outcome = await runScript<Fuzzed>(new URL("fuzz.mjs", import.meta.url), [
    "--requests",
    String(REQUESTS),
  ]);
  expect(outcome.problems).toEqual([]);
  expect(outcome.requests).toBeGreaterThanOrEqual(REQUESTS);
  expect(outcome.answers).toBeGreaterThan(REQUESTS / 10);
  const statuses = Object.keys(outcome.statuses);
  expect(statuses).toEqual(expect.arrayContaining(["200", "204", "400", "404", "413", "431"]));
}, 240_000);
