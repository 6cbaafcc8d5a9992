import { expect, it } from "vitest";
import { type Outcome, runCommand } from "./run-command.ts";
import { budget } from "../campaign.ts";

interface Damaged extends Outcome {
  readonly results: Readonly<Record<string, number>>;
}

const ROUNDS = budget({ short: 8, campaign: 100 });

it("is right or refuses, whatever happens to its files", async () => {
  const outcome = await runCommand<Damaged>("damage.mjs", ROUNDS);
  expect(outcome.problems).toEqual([]);
  expect(outcome.rounds).toBe(ROUNDS);
  // Not everything is refused, and not everything goes unseen.
  expect(outcome.results["whole"]).toBeGreaterThan(0);
  expect(outcome.results["whole"]).toBeLessThan(ROUNDS);
}, 240_000);
