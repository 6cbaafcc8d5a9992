import { expect, it } from "vitest";
import { type Outcome, runCommand } from "./run-command.ts";

interface Killed extends Outcome {
  readonly kills: number;
  readonly acknowledged: number;
  readonly paths: Readonly<Record<string, number>>;
}

const ROUNDS = 20;

it("keeps what it acknowledged, killed at any moment, recovery included", async () => {
  const outcome = await runCommand<Killed>("kill.mjs", ROUNDS);
  expect(outcome.problems).toEqual([]);
  expect(outcome.rounds).toBe(ROUNDS);
  expect(outcome.kills).toBeGreaterThan(ROUNDS);
  expect(outcome.acknowledged).toBeGreaterThan(ROUNDS);
  expect(outcome.paths).toEqual({ absolute: 7, relative: 7, "relative, then chdir": 6 });
}, 240_000);
