import { describe, expect, it } from "vitest";
import { type EventType, HistoryBuilder } from "../../src/linearizability/index.ts";
import { LatchworkError } from "../../src/task/index.ts";

type Line = readonly [EventType, process: string, f: string, key?: string | null, value?: unknown];

function build(lines: readonly Line[]): HistoryBuilder {
  const builder = new HistoryBuilder();
  for (const [i, [type, process, f, key = null, value = null]] of lines.entries()) {
    const place = { file: "h.jsonl", line: i + 1 };
    builder.add({ type, process, f, key, value, time: null, place });
  }
  return builder;
}

describe("a history", () => {
  it("is put together from its events", () => {
    const history = build([
      ["invoke", "a", "write", null, 1],
      ["invoke", "b", "read"],
      ["ok", "b", "read", null, 1],
      ["info", "a", "write"],
      ["invoke", "a", "read"],
      ["crash", "", ""],
      ["invoke", "a", "write", null, 2],
      ["fail", "a", "write"],
    ]).build();
    const told = history.operations.map(({ process, outcome, invokedAt, returnedAt, output }) => [
      process,
      outcome,
      invokedAt,
      returnedAt,
      output,
    ]);
    expect(told).toEqual([
      ["a", "info", 0, 3, null],
      ["b", "ok", 1, 2, 1],
      ["a", "pending", 4, Number.POSITIVE_INFINITY, null],
      ["a", "fail", 6, 7, null],
    ]);
    expect(history.crashes).toEqual([5]);
    expect(history.events).toBe(8);
  });

  it.each<[string, readonly Line[]]>([
    ["h.jsonl:1: ok of read by process a, which invoked nothing", [["ok", "a", "read"]]],
    [
      "h.jsonl:2: process a invokes write while its read of line 1 is open",
      [
        ["invoke", "a", "read"],
        ["invoke", "a", "write"],
      ],
    ],
    [
      "h.jsonl:2: ok of write by process a answers its read of line 1",
      [
        ["invoke", "a", "read"],
        ["ok", "a", "write"],
      ],
    ],
    [
      "h.jsonl:2: ok of get on key y answers an invocation on key x of line 1",
      [
        ["invoke", "a", "get", "x"],
        ["ok", "a", "get", "y"],
      ],
    ],
    [
      "h.jsonl:3: ok of read by process a, which invoked nothing",
      [
        ["invoke", "a", "read"],
        ["crash", "", ""],
        ["ok", "a", "read"],
      ],
    ],
  ])("is refused: %s", (message, lines) => {
    expect(() => build(lines)).toThrow(new LatchworkError("BAD_HISTORY", message));
  });
});
