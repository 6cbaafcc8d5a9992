import { expect } from "vitest";
import { LatchworkError } from "../task/index.ts";
import { checkHistory } from "./check.ts";
import type { CheckOptions } from "./check-options.ts";
import { explain, explanationText } from "./explain/index.ts";
import type { History } from "./history.ts";
import { notesOn, noteText } from "./notes/index.ts";
import type { Model } from "./models/index.ts";
import type { Verdict } from "./verdict.ts";
import { keysText, verdictText } from "./verdict-text.ts";

/**
 * Makes vitest know `toBeLinearizable`:
 *
 *     import "latchwork/linearizability/vitest";
 *
 *     expect(recorder.history()).toBeLinearizable(kvMap());
 *
 * Its message explains why there is no order: a few operations that show it, and what follows.
 * It fails, negated or not, where nothing is shown: the budget that {@link CheckOptions} gave ran
 * out, or no operation returned, as when the recording went wrong.
 */
export interface LinearizabilityMatchers<R> {
  toBeLinearizable(model: Model, options?: CheckOptions): R;
}

declare module "vitest" {
  interface Matchers<T> extends LinearizabilityMatchers<T> {}
}

/** The matcher, as vitest takes it; also for `expect.extend` of a runner that follows it. */
export const linearizabilityMatchers = {
  toBeLinearizable(
    this: { readonly isNot: boolean },
    history: History,
    model: Model,
    options: CheckOptions = {},
  ): { pass: boolean; message: () => string } {
    refuseOthers(history, model);
    if (!history.operations.some(({ outcome }) => outcome === "ok")) {
      const message = (): string => `nothing to check: ${nothingText(history)}`;
      return { pass: this.isNot, message };
    }
    const verdict = checkHistory(history, model, options);
    const message = (): string => {
      const notes = notesOn(history, model, verdict).map(
        (note) => `note: ${noteText(note, history)}`,
      );
      return [messageOf(verdict, history, model, options), ...notes].join("\n");
    };
    if (verdict.kind === "unknown") return { pass: this.isNot, message };
    return { pass: verdict.kind === "linearizable", message };
  },
};

function nothingText({ operations }: History): string {
  if (operations.length === 0) return "the history has no operations; was anything recorded?";
  return `of ${operations.length} operations none returned ok`;
}

/** JavaScript programs may pass anything. */
function refuseOthers(history: unknown, model: unknown): void {
  if (!has(history, "operations")) {
    const right = "expect(recorder.history()), or what readHistory gives";
    throw new LatchworkError("BAD_ARGUMENT", `toBeLinearizable: no history; write ${right}`);
  }
  if (!has(model, "step")) {
    const right = "toBeLinearizable(kvMap()), or another model";
    throw new LatchworkError("BAD_ARGUMENT", `toBeLinearizable: no model; write ${right}`);
  }
}

function has(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && name in value;
}

function messageOf(
  verdict: Verdict,
  history: History,
  model: Model,
  options: CheckOptions,
): string {
  if (verdict.kind !== "not-linearizable") return verdictText(verdict, history);
  const explanation = explain(history, model, verdict, options);
  return `not linearizable: ${keysText(verdict.keys)}${explanationText(explanation, history)}`;
}

expect.extend(linearizabilityMatchers);
