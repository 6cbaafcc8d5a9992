import type { History } from "../history.ts";
import { operationText } from "../verdict-text.ts";
import type { Explanation } from "./explain.ts";

/** An explanation as text: the operations of the core, those named besides, and the sentences. */
export function explanationText(explanation: Explanation, history: History): string {
  const { core, isMinimal, named, sentences } = explanation;
  const lines = [headline(core.length, isMinimal)];
  const list = (isCore: boolean): void => {
    for (const { name, id, isCore: is } of named) {
      const operation = history.operations[id];
      if (is === isCore && operation !== undefined)
        lines.push(`  ${name}: ${operationText(operation)}`);
    }
  };
  list(true);
  if (named.some(({ isCore }) => !isCore)) {
    lines.push("named besides, for the times at which they can have happened:");
    list(false);
  }
  lines.push("why:", ...sentences.map((sentence) => `  ${sentence}`));
  return lines.join("\n");
}

function headline(operations: number, isMinimal: boolean): string {
  const what =
    operations === 1
      ? "this operation cannot be explained"
      : `these ${operations} operations cannot all be explained`;
  const rest = `${what}, whatever became of all others`;
  if (operations === 1) return `${rest}:`;
  return isMinimal ? `${rest}; without any one of them, the rest can:` : `${rest}:`;
}
