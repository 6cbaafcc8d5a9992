import { expect, it } from "vitest";
import {
  checkHistory,
  type History,
  HistoryBuilder,
  prefixOf,
  register,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

type Said = readonly [type: "invoke" | "ok", f: "read" | "write", value: number | null];

const SEQUENCE: readonly Said[] = [
  ["invoke", "write", 1],
  ["ok", "write", 1],
  ["invoke", "write", 2],
  ["ok", "write", 2],
  ["invoke", "read", null],
  ["ok", "read", 1],
];

/** The first so many events. */
function historyOf(events: number): History {
  const builder = new HistoryBuilder();
  SEQUENCE.slice(0, events).forEach(([type, f, value], index) => {
    const place = { file: "test", line: index + 1 };
    builder.add({ type, process: "p", f, key: null, value, time: null, place });
  });
  return builder.build();
}

/** What a check says of the first so many events. */
function verdictOf(events: number): ReturnType<typeof checkHistory> {
  return checkHistory(historyOf(events), register());
}

it("a prefix is what the events up to there say, and what was open is pending", () => {
  const whole = historyOf(SEQUENCE.length);
  for (let events = 0; events <= SEQUENCE.length; events++) {
    expect(prefixOf(whole, events)).toEqual(historyOf(events));
  }
});

it("a prefix knows no version that was told later", () => {
  const [write] = prefixOf(drawn("a write 1\na -> null @5"), 1).operations;
  expect(write).toMatchObject({ outcome: "pending", version: null });
});

// The read is wrong, and the write before it is where that shows: it takes away the value that a
// read is known to want. What lies before that event is linearizable, and the verdict says no less.
it("a no names the event at which hope was lost, which may come before the wrong answer", () => {
  const options = { reductions: { uniqueValues: false } };
  expect(verdictOf(4).kind).toBe("linearizable");
  const verdict = checkHistory(historyOf(6), register(), options);
  expect(verdict).toMatchObject({ kind: "not-linearizable", event: 3, operation: 1 });
});

it("a no names the wrong answer, where each value is made once", () => {
  expect(verdictOf(6)).toMatchObject({ kind: "not-linearizable", event: 5, operation: 2 });
});
