import { type History, HistoryBuilder } from "../../src/linearizability/index.ts";

/** The same history with times: event `e` happens at `10 * e * e`. */
export function timed(history: History): History {
  const timeOf = (event: number): number | null =>
    Number.isFinite(event) ? 10 * event * event : null;
  const operations = history.operations.map((operation) => ({
    ...operation,
    invokedTime: timeOf(operation.invokedAt),
    returnedTime: timeOf(operation.returnedAt),
  }));
  return { ...history, operations };
}

/** Many clients of a map of ten keys, always busy, as a right map would answer them. */
export function busyHistory(operations: number, clients: number): History {
  const builder = new HistoryBuilder();
  const values = new Map<string, number>();
  const place = { file: "busy", line: 1 };
  let state = 12345;
  const below = (n: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * n);
  };
  const open: { f: string; key: string; answer: unknown }[] = [];
  for (let i = 0; i < operations + clients; i++) {
    const process = String(i % clients);
    const was = open[i % clients];
    const time = 7 * i;
    if (was !== undefined) {
      const { f, key, answer } = was;
      builder.add({ type: "ok", process, f, key, value: answer, time, place });
    }
    if (i >= operations) continue;
    const key = `k${below(10)}`;
    const f = below(2) === 0 ? "get" : "put";
    const value = f === "put" ? i : null;
    builder.add({ type: "invoke", process, f, key, value, time: time + 3, place });
    // Each takes effect as it is invoked.
    if (f === "put") values.set(key, i);
    open[i % clients] = { f, key, answer: f === "get" ? (values.get(key) ?? null) : null };
  }
  return builder.build();
}
