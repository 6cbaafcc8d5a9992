import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { BadInput, exitCodeOf } from "../../src/cli/exit.ts";
import { HuntBroken } from "../../src/hunt/index.ts";
import { InvariantViolation, LatchworkError } from "../../src/task/index.ts";

describe("exit codes", () => {
  it.each([
    [2, "bad input", new BadInput("no")],
    [2, "what a room below refuses", new LatchworkError("BAD_SCENARIO", "no")],
    [2, "what commander refuses", new CommanderError(1, "commander.unknownOption", "no")],
    [0, "help that was asked for", new CommanderError(0, "commander.helpDisplayed", "help")],
    [70, "a broken invariant", new InvariantViolation("ours")],
    [70, "a hunt that broke down", new HuntBroken("LW1:x", { cause: new Error("ours") })],
    [70, "anything else", new TypeError("ours")],
  ])("are %i for %s", (code, _what, error) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
