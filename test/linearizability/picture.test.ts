import { describe, expect, it } from "vitest";
import {
  anyState,
  casRegister,
  checkHistory,
  checkOrder,
  type CrashRule,
  explain,
  type History,
  kvMap,
  type Model,
  pictureHtml,
  type PictureOptions,
  pictureSvg,
  register,
} from "../../src/linearizability/index.ts";
import { buildData } from "../../src/linearizability/picture/build-data.ts";
import { pointPositions } from "../../src/linearizability/picture/points.ts";
import { wholeSubject } from "../../src/linearizability/picture/subject.ts";
import { HistoryView } from "../../src/linearizability/picture/viewer/history-view.ts";
import { prefixOf } from "../../src/linearizability/prefix.ts";
import { assert, createPrng } from "../../src/task/index.ts";
import { drawn } from "../support/drawn-history.ts";
import { busyHistory, timed } from "../support/picture-histories.ts";
import { PageDouble } from "../support/page-double.ts";
import { DRAWINGS, randomHistory } from "../support/random-history.ts";

/** What lies in a page as data. */
interface PageData {
  readonly order: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly texts: readonly string[];
  readonly notes: readonly string[];
  readonly stuck: number;
  readonly keys: readonly string[];
  readonly verdictKeys: readonly number[];
  readonly lane: number;
  readonly times: readonly number[] | null;
}

function dataOf(html: string): PageData {
  const text = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1];
  return JSON.parse(text ?? "") as PageData;
}

const html = (history: History, model: Model, options?: PictureOptions): string =>
  pictureHtml(history, model, checkHistory(history, model, options?.check), options);
const svg = (history: History, model: Model, options?: PictureOptions): string =>
  pictureSvg(history, model, checkHistory(history, model, options?.check), options);

/** Each operation of the order with the state before and after it. */
function statesOf(page: string): string[] {
  const { order, before, after, texts } = dataOf(page);
  return order.map(
    (id, i) => `${id}: ${texts[before[i] ?? -1] ?? ""} -> ${texts[after[i] ?? -1] ?? ""}`,
  );
}

const staleRead = drawn(`a write 1
b read
a ->
a write 2
b -> 1
a ->
b read
c read
b -> 1
c -> 2`);

/** Values that would be markup, script, or a text that runs backwards. */
const hostileValues = [
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "\u202egnp.exe\u2066",
  `"'&<>\\`,
  "\u0000\u001b[31m\ud800",
  "x".repeat(100_000),
];
const hostile = drawn(
  hostileValues
    .flatMap((value, i) => [
      `p${i}<b>\u202e put:k${i}</title><img/src=x/onerror=alert(1)> ${JSON.stringify(value)}`,
      `p${i}<b>\u202e -> ${JSON.stringify(value)}`,
    ])
    .join("\n"),
);

/** A sheet of A4 on its side without its margins, in pixels of CSS. */
const SHEET = 1040;

describe("the order in a picture", () => {
  it("tells the state before and after each operation", () => {
    const history = drawn("a write 1\nb read\nb -> 1\na ->\nb cas [1,2]\nb -> true");
    expect(statesOf(html(history, casRegister()))).toEqual([
      "0: null -> 1",
      "1: 1 -> 1",
      "2: 1 -> 2",
    ]);
  });

  it("tells of a map the state of the key that an operation touches", () => {
    const history = drawn(
      'a put:x 1\na ->\na put:y 2\na ->\na scan ["a","z"]\na -> [["x",1],["y",2]]',
    );
    expect(statesOf(html(history, kvMap()))).toEqual([
      "0: null -> 1",
      "1: null -> 2",
      "2: x = 1, y = 2 -> x = 1, y = 2",
    ]);
  });

  it("tells all states that a nondeterministic object can be in", () => {
    const lossy = anyState<number>({
      name: "lossy",
      initial: 0,
      step: (state, { f, input, output }) =>
        f === "write" ? [state, Number(input)] : output === state ? [state] : [],
    });
    const history = drawn("a write 1\na ->\na write 2\na ->\na read\na -> 1");
    expect(statesOf(html(history, lossy))).toEqual([
      "0: 0 -> 0 or 1",
      "1: 0 or 1 -> 0 or 2 or 1",
      "2: 0 or 2 or 1 -> 1",
    ]);
  });

  it("ends at the first answer that no order explains, and tells what was possible", () => {
    const { order, stuck, notes } = dataOf(html(staleRead, register()));
    expect({ order, stuck, notes }).toEqual({
      order: [0, 1, 2],
      stuck: 3,
      notes: [
        "The order drawn goes up to read -> 1 by client b (drawn:7).",
        "Of the values that occur, what came before allows 2 there, not 1.",
      ],
    });
  });

  it("tells of a scan what it says of the key at fault", () => {
    const history = drawn('a put:x 1\na ->\na put:y 2\na ->\na scan ["a","z"]\na -> [["y",2]]');
    expect(dataOf(html(history, kvMap())).notes).toEqual([
      'The order drawn goes up to scan ["a","z"] -> [["y",2]] by client a (drawn:5).',
      "That says that key x was null.",
      "Of the values that occur, what came before allows 1 there, not null.",
    ]);
  });

  it("tells an answer that comes after its end as one that nobody knows yet", () => {
    const history = drawn("a write 0\na ->\nb cas [0,2]\nc cas [0,2]\nb -> false\nc -> false");
    const page = html(history, casRegister());
    expect(statesOf(page)).toEqual(["0: null -> 0", "2: 0 -> 2", "1: 2 -> 2"]);
    expect(dataOf(page).stuck).toBe(2);
  });

  it("knows no state that a crash took back, to whatever that looks at it", () => {
    const lines = "a put:x 1\na ->\na put:x 2\na ->\ncrash\n";
    const read = drawn(`${lines}b get:x\nb -> 1`);
    const scanned = drawn(`${lines}b scan ["a","z"]\nb -> [["x",1]]`);
    const statesAfter = (history: History): string | undefined =>
      statesOf(html(history, kvMap(), { check: { crash: "buffered" } })).at(-1);
    expect(statesAfter(read)).toBe("2: not known -> not known");
    expect(statesAfter(scanned)).toBe("2: x = not known -> x = not known");
  });

  it("knows a key that only scans found", () => {
    const history = drawn(
      'a put:x 1\na ->\na scan ["a","z"]\na -> [["x",1]]\n' +
        'a scan ["a","z"]\na -> [["nowhere",2],["x",1]]',
    );
    const { order, keys, verdictKeys, lane } = dataOf(html(history, kvMap()));
    expect(order).toEqual([1]);
    expect(verdictKeys.map((key) => keys[key])).toEqual(["nowhere"]);
    expect(keys[lane]).toBe("nowhere");
  });

  it("is judged by the rules of the verdict, without its hints", () => {
    const lines = 'a put:x 1\nb scan ["w","z"]\na ->\na put:y 1\na ->\nb -> [["y",1]]';
    expect(dataOf(html(drawn(lines), kvMap())).notes).toEqual([
      'The order drawn goes up to scan ["w","z"] -> [["y",1]] by client b (drawn:2).',
      "At the end of the order, the state it sees is x = 1, y = 1.",
    ]);
    const clock = { nowMs: () => 0 };
    const check = { scan: "per-key", witness: [7, 7, 7], timeMs: 5, clock } as const;
    const wrongLater = drawn(`${lines}\na get:x\na -> null`);
    expect(dataOf(html(wrongLater, kvMap(), { check })).stuck).toBe(3);
  });

  it("is the longest that can be explained, each point inside of its operation", () => {
    const wrong: string[] = [];
    let noes = 0;
    for (let i = 0; i < 500; i++) {
      const prng = createPrng(`picture ${i}`);
      const drawing = DRAWINGS[i % DRAWINGS.length];
      if (drawing === undefined) continue;
      const shape = { operations: 8, processes: 3, failed: 9, undecided: 9, crash: 9 };
      const history = randomHistory(drawing, { ...shape, isBuffered: false, lies: 3 }, prng);
      if (checkHistory(history, drawing.model).kind === "not-linearizable") noes++;
      wrong.push(...faultsOfOrder(history, drawing.model).map((fault) => `${i}: ${fault}`));
    }
    expect(wrong).toEqual([]);
    expect(noes).toBeGreaterThan(100);
  });
});

/** What is wrong with the order that a picture shows. */
function faultsOfOrder(history: History, model: Model): string[] {
  const verdict = checkHistory(history, model);
  const { order, stuck, before, after, texts } = buildData(history, model, verdict, {});
  const { operations } = history;
  const faults: string[] = [];
  const invoked = operations.map(({ invokedAt }) => invokedAt);
  const points = pointPositions(order, invoked);
  for (const [place, point] of points.entries()) {
    const { invokedAt = 0, returnedAt = 0, outcome } = operations[order[place] ?? -1] ?? {};
    if (point <= (points[place - 1] ?? -1)) faults.push(`point ${place} is not after the last`);
    if (point <= invokedAt) faults.push(`point ${place} comes too early`);
    if (outcome === "ok" && point >= returnedAt) faults.push(`point ${place} comes too late`);
    const states = `${texts[before[place] ?? -1]} -> ${texts[after[place] ?? -1]}`;
    if (states.includes("not known")) faults.push(`point ${place} takes ${states}`);
  }
  if (verdict.kind === "linearizable") {
    if (order.join() !== verdict.witness.join()) faults.push("order is not the witness");
    return faults;
  }
  const end = operations[stuck]?.returnedAt ?? -1;
  // Of a prefix alone nobody could tell what fails after it.
  const did = wholeSubject(history, model).history;
  const isYes = checkHistory(prefixOf(did, end + 1), model).kind === "linearizable";
  if (isYes) faults.push(`${stuck} can be explained`);
  const isWhole = model.partition === undefined;
  const fault = isWhole ? checkOrder(prefixOf(history, end), model, order) : null;
  if (fault !== null) faults.push(`order is ${fault.reason}`);
  return faults;
}

describe("a picture", () => {
  it("is the same for the same history", () => {
    expect(html(staleRead, register())).toBe(html(staleRead, register()));
    expect(svg(staleRead, register())).toBe(svg(staleRead, register()));
  });

  it("takes nothing that a history holds for markup", () => {
    const page = html(hostile, kvMap(), { title: "</title><b>" });
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page.match(/<!--|<img|<b>|alert\(1\)</g)).toBe(null);
    expect(page).not.toMatch(/[^\P{C}\n]/u);
    const drawing = svg(hostile, kvMap(), { title: "</title><b>" });
    expect(drawing.match(/<(?:script|img|b)\b/g)).toBe(null);
    expect(drawing).not.toMatch(/[^\P{C}\n]/u);
    expect(page.length).toBeLessThan(120_000);
    const { texts } = dataOf(page);
    expect(texts).toContain('"\\u202egnp.exe\\u2066"');
    expect(texts.find((text) => text.startsWith('"xxx'))).toHaveLength(121);
  });

  it("is no larger for names without end", () => {
    const name = "n".repeat(100_000);
    const history = drawn(`${name} put:${name} 1\n${name} ->\na get:${name}\na -> 2`);
    const facts = [{ kind: "wrong-answer", operation: 1, isInOrder: false }] as const;
    const explanation = { core: [1], facts, named: [{ id: 1, name }] };
    const options = { title: name, explanation };
    expect(html(history, kvMap(), options).length).toBeLessThan(100_000);
    expect(svg(history, kvMap(), options).length).toBeLessThan(20_000);
  });

  it("asks for nothing outside of itself", () => {
    const page = html(staleRead, register());
    expect(page.match(/(?:src|href)="(?!data:)|url\(|import\s*\(|fetch\(/g)).toBe(null);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("as <bdi>register</bdi>");
  });

  it("of a long history is as large as a page", () => {
    const history = busyHistory(20_000, 30);
    const drawing = svg(history, kvMap());
    expect(drawing.length).toBeLessThan(60_000);
    expect(drawing).toContain("of 20000 operations, the first ones.");
    const [, width = "0", height = "0"] = /viewBox="0 0 (\d+) (\d+)"/.exec(drawing) ?? [];
    expect(Number(width)).toBeLessThanOrEqual(SHEET);
    expect(Number(height)).toBeLessThanOrEqual(2000);
  });

  it("fits on a sheet of A4 on its side, however much the verdict speaks of", () => {
    const history = busyHistory(2000, 12);
    for (const size of [0, 2, 5, 12, 40]) {
      const core = Array.from({ length: size }, (_, i) => 900 + 7 * i);
      const explanation = {
        core,
        named: core.map((id, i) => ({ id, name: `A${i}` })),
        facts: [],
      };
      const drawing = svg(history, kvMap(), { explanation });
      const [, wide = "", high = ""] = / width="(\d+)" height="(\d+)" role/.exec(drawing) ?? [];
      expect(Number(wide)).toBeLessThanOrEqual(SHEET);
      expect(Number(wide)).toBeGreaterThan(SHEET / 2);
      const [, left = "", top = ""] = /viewBox="0 0 (\d+) (\d+)"/.exec(drawing) ?? [];
      expect(Number(high) / Number(wide)).toBeCloseTo(Number(top) / Number(left), 1);
      // What the verdict speaks of is there, and its text is not cut off for the sake of others.
      for (const [i, id] of core.slice(0, 12).entries()) {
        const { f = "", key = "" } = history.operations[id] ?? {};
        expect(drawing).toContain(`>A${i}: ${f} ${key}`);
      }
    }
  });

  it("of a core shows the core first", () => {
    const history = drawn(
      `a write 1\na ->\n${"b read\nb -> 1\n".repeat(300)}a write 2\na ->\nc read\nc -> 1`,
    );
    const facts = [{ kind: "no-order", operations: [0, 302] }] as const;
    const named = [
      { id: 0, name: "A" },
      { id: 302, name: "C" },
    ];
    const explanation = { core: [0, 301, 302], facts, named };
    const drawing = svg(history, register(), { explanation });
    expect(drawing).toMatch(/Shown: \d+ of 303 operations, the core and what surrounds it\./);
    expect(drawing.match(/lw-core"/g)?.length).toBeGreaterThanOrEqual(2);
    expect(drawing).toContain(">A: write 1<");
    expect(drawing).toContain("1. No order of A and C gives all their answers, whatever");
  });

  it("gives operations the names that the sentences give them", () => {
    const verdict = checkHistory(staleRead, register());
    assert(verdict.kind === "not-linearizable", "a stale read");
    const explanation = explain(staleRead, register(), verdict);
    const options = { explanation };
    const page = new PageDouble(html(staleRead, register(), options));
    const list = page.get("core-list").text.split("\n");
    expect(list).toEqual(
      explanation.named.map(({ name, id, isCore }) => {
        const { f, input, output, process } = staleRead.operations[id] ?? {};
        const line = f === "write" ? `write ${String(input)}` : `read → ${String(output)}`;
        return `${name}: ${line} · client ${process}${isCore ? "" : " · beside the core"}`;
      }),
    );
    for (const { name } of explanation.named) {
      expect(svg(staleRead, register(), options)).toContain(`>${name}: `);
    }
  });

  it("of an undecided history has no order, and says so", () => {
    const verdict = {
      kind: "unknown",
      reason: "time",
      keys: [],
      event: 3,
      events: 10,
      explored: 7,
    } as const;
    const page = pictureHtml(staleRead, register(), verdict);
    expect(dataOf(page).order).toEqual([]);
    expect(page).toMatch(/<section hidden>\s*<h2>Core/);
    expect(page).toContain("? unknown");
    expect(page).toContain("This says nothing about the history.");
  });

  it("draws a stale read", async () => {
    const verdict = checkHistory(staleRead, register());
    assert(verdict.kind === "not-linearizable", "a stale read");
    const explanation = explain(staleRead, register(), verdict);
    const drawing = svg(staleRead, register(), { title: "A stale read", explanation });
    await expect(drawing).toMatchFileSnapshot("pictures/a-stale-read.svg");
  });
});

describe("the viewer, in a world that holds nothing but the page", () => {
  const good = timed(
    drawn(
      "a put:x 1\nb get:x\nb -> 1\na ->\nc put:y 2\nc info\nd delete:y\nd fail\na get:y\ncrash\nb get:x",
    ),
  );

  it("steps through operations with the keys, and tells each", () => {
    const page = new PageDouble(html(good, kvMap()));
    page.press("ArrowRight");
    expect(page.get("details").text).toContain("put x 1");
    expect(page.get("details").text).toContain("state of x after\n1");
    page.press("ArrowRight");
    expect(page.get("details").text).toContain("get y → open");
    page.press(",");
    page.press("ArrowDown");
    expect(page.get("view-list").text).toContain("get x → 1 · client b");
    page.press("Escape");
    expect(page.get("details").text).toContain("Click an operation");
  });

  it("lays out by order and by time, packs, filters and finds", () => {
    const page = new PageDouble(html(good, kvMap()));
    const pressed = (id: string): string | undefined => page.get(id).attributes.get("aria-pressed");
    page.press("o");
    expect([pressed("by-time"), pressed("by-order")]).toEqual(["true", "false"]);
    page.press("ArrowRight");
    page.press("ArrowRight");
    expect(page.get("details").text).toContain("invoked\nevent 8, time +640");
    page.press("p");
    expect(pressed("pack")).toBe("true");
    page.type("clients", "a, b");
    expect(page.get("status").text).toContain("4 shown, 6 operations");
    page.type("clients", "");
    page.type("keys", "y");
    expect(page.get("status").text).toContain("3 shown, 6 operations");
    page.type("keys", "nope");
    expect(page.get("keys-note").text).toBe("no key nope");
    page.type("keys", "");
    page.type("search", "GET x");
    expect(page.get("found").text).toBe("2 of 6");
    page.press("n");
    expect(page.get("details").text).toContain("get x");
    for (const key of ["+", "-", "0", "z", ".", "N", "e", "c", "?", "Escape"]) page.press(key);
    expect(page.get("picture").drawn).toContain("crash");
  });

  it("lists the first operations in view of all rows in view, however many there are", () => {
    const page = new PageDouble(html(busyHistory(4000, 10), kvMap()));
    page.press("0");
    expect(page.get("status").text).toContain("more than 2000 in view");
    const clients = page
      .get("view-list")
      .text.split("\n")
      .map((line) => line.replace(/.* client /, ""));
    expect(clients).toEqual(Array.from({ length: 60 }, (_, i) => String(i % 10)));
    page.press("+");
    page.press("+");
    page.press("+");
    expect(page.get("status").text).toMatch(/^1[12]\d\d in view/);
  });

  it("lets an operation of unknown outcome go on for as long as the crash rule does", () => {
    const history = drawn("a write 1\na info\nb read\nb -> 1\ncrash\nb read\nb -> 1");
    const endOf = (crash: CrashRule): number => {
      const data = buildData(history, register(), checkHistory(history, register(), { crash }), {
        check: { crash },
      });
      return new HistoryView(data).deadlines[0] ?? -1;
    };
    expect((["durable", "ignored"] as const).map(endOf)).toEqual([4, 7]);
    expect(endOf("strict")).toBe(1);
  });

  it("packs clients into rows, unless they overlap", () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      i % 4 === 3 ? `c${i} put:x 1\nc${i} info` : `c${i} get:x\nc${i} -> ${i < 3 ? null : 1}`,
    );
    const page = new PageDouble(html(drawn(`slow put:y 1\n${lines.join("\n")}`), kvMap()));
    expect(page.get("status").text).toContain("41 operations, 2 rows");
    page.press("p");
    expect(page.get("status").text).toContain("41 operations, 41 rows");
  });

  it("goes to the error, and shows the core alone", () => {
    const explanation = { core: [0, 2, 3], facts: [] };
    const source = html(staleRead, register(), { explanation });
    expect(source).toContain("Core: 3 operations that cannot all be explained");
    expect(source).toContain("what it answered is not looked at");
    const page = new PageDouble(source);
    expect(page.get("details").text).toContain("no order explains this answer");
    expect(page.get("core-list").text.split("\n")).toHaveLength(3);
    page.press("c");
    expect(page.get("status").text).toContain("3 shown, 5 operations");
    expect(page.get("picture").drawn).toContain("no order gets past here");
  });

  it("shows empty histories and those without any times", () => {
    const page = new PageDouble(html(drawn("crash"), register()));
    expect(page.get("status").text).toContain("0 operations");
    expect(page.get("by-time").disabled).toBe(true);
    for (const key of ["ArrowRight", "ArrowDown", ".", "n", "e", "+", "0"]) page.press(key);
    expect(svg(drawn("crash"), register())).toContain("</svg>");
  });
});
