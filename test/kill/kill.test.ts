import { expect, it } from "vitest";
import { type Outcome, runCommand } from "./run-command.ts";
import { budget } from "../campaign.ts";

interface Killed extends Outcome {
  readonly kills: number;
  readonly acknowledged: number;
  readonly paths: Readonly<Record<string, number>>;
}

const ROUNDS = budget({ short: 3, campaign: 60 });

it("keeps what it acknowledged, killed at any moment, recovery included", async () => {
  const outcome = await runCommand<Killed>("kill.mjs", ROUNDS);
  expect(outcome.problems).toEqual([]);
  expect(outcome.rounds).toBe(ROUNDS);
  expect(outcome.kills).toBeGreaterThanOrEqual(ROUNDS);
  expect(outcome.acknowledged).toBeGreaterThan(ROUNDS);
  // In turn.
  expect(outcome.paths).toEqual({
    absolute: Math.ceil(ROUNDS / 3),
    relative: Math.ceil((ROUNDS - 1) / 3),
    "relative, then chdir": Math.ceil((ROUNDS - 2) / 3),
  });
}, 240_000);
