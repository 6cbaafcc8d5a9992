import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  checkHistory,
  type CheckOptions,
  type History,
  HistoryBuilder,
  kvMap,
} from "../../src/linearizability/index.ts";
import {
  checkHistoryInThreads,
  type ThreadOptions,
} from "../../src/linearizability/threads/index.ts";
import { createPrng } from "../../src/task/index.ts";
import { TINY } from "../support/differential.ts";
import { budget } from "../campaign.ts";

/** Workers start at once, however little there is to do. */
const EAGER = { spentMs: 0, restMs: 0 };

type Event = readonly [process: string, type: "invoke" | "ok", f: string, key: string, v?: unknown];

function historyOf(events: readonly Event[]): History {
  const builder = new HistoryBuilder();
  for (const [i, [process, type, f, key, value = null]] of events.entries()) {
    const place = { file: "threads", line: i + 1 };
    builder.add({ process, type, f, key, value, time: null, place });
  }
  return builder.build();
}

/** Clients against a map of a few keys and values; now and then one is told something wrong. */
function hotKeys(seed: string): History {
  const prng = createPrng(seed);
  const keys = ["a", "b", "c", "d", "e"].slice(0, 2 + prng.below(4));
  const lies = prng.below(3) === 0 ? 0 : prng.below(40);
  const contents = new Map<string, number>();
  const events: Event[] = [];
  const open = new Map<string, () => void>();
  for (let i = 0; i < 400; i++) {
    const process = `p${prng.below(6)}`;
    const answer = open.get(process);
    if (answer !== undefined) {
      answer();
      open.delete(process);
      continue;
    }
    const key = keys[prng.below(keys.length)] ?? "a";
    const value = prng.below(3);
    if (prng.below(2) === 0) {
      events.push([process, "invoke", "put", key, value]);
      open.set(process, () => {
        contents.set(key, value);
        events.push([process, "ok", "put", key, value]);
      });
    } else {
      const found = prng.below(1000) < lies ? value : (contents.get(key) ?? null);
      events.push([process, "invoke", "get", key]);
      open.set(process, () => events.push([process, "ok", "get", key, found]));
    }
  }
  return historyOf(events);
}

/** All overlap, and in the middle a value is found, lost and found: 2^clients ways to try. */
function storm(key: string, clients: number): Event[] {
  const each = Array.from({ length: clients }, (_, i) => i);
  return [
    ...each.map((i): Event => [`${key}w${i}`, "invoke", "put", key, i]),
    ...each.map((i): Event => [`${key}r${i}`, "invoke", "get", key]),
    ...[0, 1, 0].flatMap((found): Event[] => [
      [key, "invoke", "get", key],
      [key, "ok", "get", key, found],
    ]),
    ...each.map((i): Event => [`${key}r${i}`, "ok", "get", key, i]),
    ...each.map((i): Event => [`${key}w${i}`, "ok", "put", key, i]),
  ];
}

const easy = (key: string, found: number): Event[] => [
  [key, "invoke", "put", key, 1],
  [key, "ok", "put", key, 1],
  [key, "invoke", "put", key, 1],
  [key, "ok", "put", key, 1],
  [key, "invoke", "get", key],
  [key, "ok", "get", key, found],
];
const SEARCHED: CheckOptions = {
  reductions: { uniqueValues: false, eagerObservers: false },
};

const inThreads = async (
  history: History,
  options: CheckOptions & ThreadOptions,
): Promise<Awaited<ReturnType<typeof checkHistoryInThreads>>> =>
  checkHistoryInThreads(history, kvMap(), { terms: EAGER, ...options });

describe("a check in several threads", () => {
  it("gives the verdict of one thread, field by field", async () => {
    const kinds = new Map<string, number>();
    for (let i = 0; i < budget({ short: 6, campaign: 16 }); i++) {
      const history = hotKeys(`threads ${i}`);
      const options: CheckOptions = {
        ...(i % 3 === 0 ? { sizes: TINY } : {}),
        ...(i % 4 === 0 ? { memoryBytes: 20_000 + i * 1000 } : {}),
        ...(i % 5 === 0 ? SEARCHED : {}),
      };
      const alone = checkHistory(history, kvMap(), options);
      const together = await inThreads(history, { ...options, threads: [1, 2, 4, 3][i % 4] ?? 2 });
      expect(together).toEqual(alone);
      kinds.set(alone.kind, (kinds.get(alone.kind) ?? 0) + 1);
    }
    expect(kinds.get("linearizable")).toBeGreaterThan(1);
    expect(kinds.get("not-linearizable")).toBeGreaterThan(1);
  });

  it("gives its unknowns where memory is short, first key first", async () => {
    for (let i = 0; i < budget({ short: 3, campaign: 6 }); i++) {
      const history = hotKeys(`memory ${i}`);
      const options = { ...SEARCHED, memoryBytes: 16_000 + i * 2000 };
      const alone = checkHistory(history, kvMap(), options);
      expect(await inThreads(history, { ...options, threads: 2 + (i % 3) })).toEqual(alone);
    }
  });

  it("takes hints along", async () => {
    const history = hotKeys("hints");
    const witness = history.operations.map(({ id }) => id).toReversed();
    const alone = checkHistory(history, kvMap(), { witness });
    expect(await inThreads(history, { witness, threads: 3 })).toEqual(alone);
  });

  it("ends with the first key that is a no, whatever others still search", async () => {
    const history = historyOf([...easy("a", 1), ...easy("b", 2), ...storm("c", 24)]);
    const verdict = await inThreads(history, { ...SEARCHED, threads: 2 });
    expect(verdict).toMatchObject({ kind: "not-linearizable", keys: ["b"] });
  });

  it("is broken off while it waits for a worker, and while it searches", async () => {
    const history = historyOf([...easy("a", 1), ...storm("b", 24), ...storm("c", 24)]);
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const isCancelled = (): boolean => Atomics.load(flag, 0) === 1;
    const waiting = inThreads(history, { ...SEARCHED, isCancelled, threads: 3 });
    await sleep(1);
    Atomics.store(flag, 0, 1);
    const broken = { kind: "unknown", reason: "interrupted", keys: ["b"] };
    expect(await waiting).toMatchObject(broken);
    let looks = 0;
    const cut = { ...SEARCHED, threads: 2, isCancelled: () => ++looks > 10 };
    expect(await inThreads(history, cut)).toMatchObject(broken);
  });

  it("ends when the time is up", async () => {
    const history = historyOf([...easy("a", 1), ...storm("b", 24)]);
    let now = 0;
    const clock = { nowMs: () => now++ };
    const verdict = await inThreads(history, { ...SEARCHED, clock, timeMs: 200, threads: 2 });
    expect(verdict).toMatchObject({ kind: "unknown", reason: "time", keys: ["b"] });
  });

  it("tells how far all threads are, up to the end", async () => {
    const history = hotKeys("progress");
    let last = 0;
    let total = 0;
    const onProgress = (events: number, eventsTotal: number): void => {
      last = Math.max(last, events);
      total = eventsTotal;
    };
    await inThreads(history, { onProgress, threads: 3 });
    expect(last).toBeLessThanOrEqual(total);
    expect(last).toBeGreaterThan(0);
  });

  it("throws what a worker throws, and what a worker dies of", async () => {
    const history = historyOf([...easy("a", 1), ...easy("b", 1), ...easy("c", 1)]);
    for (const [code, message] of [
      ["throw new Error('planted')", "planted"],
      ["process.exit(3)", "a worker ended by itself, with 3"],
    ]) {
      const worker = new URL(`data:text/javascript,${encodeURIComponent(code ?? "")}`);
      const failing = inThreads(history, { terms: { ...EAGER, worker }, threads: 2, ...SEARCHED });
      await expect(failing).rejects.toThrow(message);
    }
  });

  it("refuses a number of threads that is none", async () => {
    for (const threads of [0, -1, 1.5, Number.NaN, 65]) {
      await expect(inThreads(hotKeys("none"), { threads })).rejects.toMatchObject({
        code: "BAD_ARGUMENT",
      });
    }
  });

  it("leaves no worker running", () => {
    const room = (name: string): string =>
      new URL(`../../dist/linearizability/${name}`, import.meta.url).href;
    const script = `
      import { HistoryBuilder, kvMap } from ${JSON.stringify(room("index.js"))};
      import { checkHistoryInThreads } from ${JSON.stringify(room("threads/index.js"))};
      const builder = new HistoryBuilder();
      for (const [i, [process, type, f, key, value = null]] of ${JSON.stringify(
        ["a", "b", "c"].flatMap((key) => easy(key, 1)),
      )}.entries())
        builder.add({ process, type, f, key, value, time: null, place: { file: "x", line: i } });
      const terms = ${JSON.stringify(EAGER)};
      const check = (more) => checkHistoryInThreads(builder.build(), kvMap(), more);
      console.log((await check({ threads: 3, terms })).kind);
      const worker = new URL("data:text/javascript,throw 1");
      await check({ threads: 3, terms: { ...terms, worker } }).catch(() => console.log("failed"));
    `;
    // A worker that is left would keep the process from ending.
    const told = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect(told).toBe("linearizable\nfailed\n");
  });
});
