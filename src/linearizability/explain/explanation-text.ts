import { printable } from "../../task/index.ts";
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
    lines.push("also spoken of, for when they can have happened:");
    list(false);
  }
  lines.push("why:", ...sentences.map((sentence) => printable(`  ${sentence}`)));
  return lines.join("\n");
}

function headline(operations: number, isMinimal: boolean): string {
  const which = operations === 1 ? "this operation" : `these ${operations} operations`;
  const rest = "even if each other operation may or may not have happened";
  const all = `no order explains ${which}, ${rest}`;
  if (operations === 1 || !isMinimal) return `${all}:`;
  const some = operations === 2 ? "either of them alone" : `any ${operations - 1} of them`;
  return `${all}; ${some} could be explained:`;
}
