import { type History, HistoryBuilder } from "../../src/linearizability/index.ts";

/**
 * Reads a drawing: one event a line, as `process f argument` to invoke, `process -> answer`,
 * `process fail`, `process info`, or `crash`. Arguments are JSON; `f:key` names a key; `@7` at the
 * end of an answer is its version.
 */
export function drawn(text: string): History {
  const builder = new HistoryBuilder();
  const calls = new Map<string, { f: string; key: string | null }>();
  for (const [i, line] of text.trim().split("\n").entries()) {
    const place = { file: "drawn", line: i + 1 };
    const [process = "", word = "", ...rest] = line.trim().split(" ");
    const last = rest.at(-1) ?? "";
    const version = last.startsWith("@") ? Number(last.slice(1)) : null;
    if (version !== null) rest.pop();
    const value: unknown = rest.length === 0 ? null : JSON.parse(rest.join(" "));
    const begun = calls.get(process) ?? { f: "", key: null };
    const [f = "", key = null] = word.split(":");
    if (process === "crash") {
      builder.add({ type: "crash", process, f: "", key: null, value, time: null, place });
    } else if (word === "->" || word === "fail" || word === "info") {
      const type = word === "->" ? "ok" : word;
      builder.add({ type, process, ...begun, value, time: null, version, place });
    } else {
      calls.set(process, { f, key });
      builder.add({ type: "invoke", process, f, key, value, time: null, place });
    }
  }
  return builder.build();
}
