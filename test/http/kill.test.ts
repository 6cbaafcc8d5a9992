import { expect, it } from "vitest";
import { runScript } from "../support/run-script.ts";
import { IS_CAMPAIGN } from "../campaign.ts";

interface Killed {
  readonly runs: number;
  readonly kills: number;
  readonly answered: number;
  readonly batches: number;
  readonly problems: readonly string[];
}

it.runIf(IS_CAMPAIGN)(
  "loses nothing that was acknowledged over HTTP, killed among requests",
  async () => {
    const outcome = await runScript<Killed>(new URL("kill.mjs", import.meta.url), ["5"]);
    expect(outcome.problems).toEqual([]);
    expect(outcome.runs).toBe(5);
    expect(outcome.kills).toBeGreaterThan(0);
    expect(outcome.answered).toBeGreaterThan(0);
    expect(outcome.batches).toBeGreaterThan(0);
  },
  600_000,
);
