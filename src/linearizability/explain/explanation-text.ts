import { printable } from "../../task/index.ts";
import type { History } from "../history.ts";
import { operationText } from "../verdict-text.ts";
import type { Explanation } from "./explain.ts";

/** An explanation as text: the operations of the core, those named besides, and the sentences. */
export function explanationText(explanation: Explanation, history: History): string {
  return explanationLines(explanation, history).join("\n");
}

/** The lines of {@link explanationText}. */
export function explanationLines(explanation: Explanation, history: History): string[] {
  const { core, isMinimal, named, sentences } = explanation;
  const list = (isInCore: boolean): string[] =>
    named.flatMap(({ name, id, isCore }) => {
      const operation = history.operations[id];
      if (isCore !== isInCore || operation === undefined) return [];
      return [`  ${name}: ${operationText(operation)}`];
    });
  const besides = list(false);
  return [
    headline(core.length, isMinimal),
    ...list(true),
    ...(besides.length === 0 ? [] : ["also named, because their times matter:", ...besides]),
    "why:",
    ...sentences.map((sentence) => printable(`  ${sentence}`)),
  ];
}

function headline(operations: number, isMinimal: boolean): string {
  const which = operations === 1 ? "this operation" : `these ${operations} operations`;
  const rest = "even if each other operation may or may not have happened";
  const all = `no order explains ${which}, ${rest}`;
  if (operations === 1 || !isMinimal) return `${all}:`;
  const some = operations === 2 ? "either of them alone" : `any ${operations - 1} of them`;
  return `${all}; ${some} could be explained:`;
}
