import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type History,
  type HistoryEvent,
  HistoryReader,
  jsonLineOf,
  jsonLinesOf,
  readHistory,
  readHistoryFrom,
  type ReadOptions,
} from "../../src/linearizability/index.ts";
import { faultOf } from "../support/fault-of.ts";

/** One operation a row, as `process f key input -> outcome output`. */
function rowsOf(history: History): string[] {
  return history.operations.map(({ process, f, key, input, outcome, output }) => {
    const argument = `${key ?? "-"} ${JSON.stringify(input)}`;
    return `${process} ${f} ${argument} -> ${outcome} ${JSON.stringify(output)}`;
  });
}

function withoutPlaces(history: History): unknown {
  return JSON.parse(
    JSON.stringify(history, (name, value: unknown) => (name === "place" ? 0 : value)),
  );
}

function readInPieces(text: string, cuts: readonly number[], options: ReadOptions): History {
  const bytes = new TextEncoder().encode(text);
  const reader = new HistoryReader(options);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  let begin = 0;
  for (const end of ends) {
    reader.push(bytes.subarray(begin, end));
    begin = end;
  }
  return reader.end();
}

const SAMPLES = {
  jsonl: [
    '{"index":0,"process":"ä","type":"invoke","f":"put","key":"k€","value":{"b":"\\"}","a":[1,2]}}',
    '{"process":"ä","type":"ok","f":"put","value":null,"result":true}\r',
    "",
    '{"type":"crash","time":4}',
    '{"index":7,"process":1,"type":"invoke","f":"scan","value":["a","b"],"time":1735689600123456789}',
  ].join("\n"),
  edn: [
    "; a history",
    '[{:process 0, :type :invoke, :f :txn, :value [[:read :x nil] [:write :y 2]] :error "}]\\""}',
    " {:type :info :process :nemesis :f :start :value #{:n1}} #_{:process 0 :type :ok}",
    "#jepsen.history.Op{:process 0 :type :ok :f :txn :value ([:read :x 1] ; with a comment ]",
    "  [:write :y 2]) :exception #error{:cause foo/bar :char \\} :ratio 1/2}}]",
  ].join("\n"),
  etcd: [
    "INFO  jepsen.util - 0\t:invoke\t:cas\t[3 nil]",
    "INFO  jepsen.util - :nemesis\t:info\t:start\t[:a :b]",
    "INFO  jepsen.util - 0\t:ok\t:cas\t[3 nil]",
    "INFO  jepsen.util - 1\t:invoke\t:read\tnil",
    "INFO  jepsen.util - 1\t:fail\t:read\t:timed-out",
  ].join("\n"),
  "porcupine-kv": [
    '{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}',
    '{:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}',
    '{:process 1, :type :invoke, :f :get, :key "0", :value nil}',
    '{:process 1, :type :ok, :f :get, :key "0", :value "x 0 0 y"}',
  ].join("\n"),
} as const;

describe("each format", () => {
  it("is read as the same history", () => {
    expect(rowsOf(readHistory(SAMPLES.jsonl))).toEqual([
      'ä put k€ {"a":[1,2],"b":"\\"}"} -> ok true',
      '1 scan - ["a","b"] -> pending null',
    ]);
    expect(rowsOf(readHistory(SAMPLES.edn))).toEqual([
      '0 txn - [["read","x",null],["write","y",2]] -> ok [["read","x",1],["write","y",2]]',
    ]);
    expect(rowsOf(readHistory(SAMPLES.etcd))).toEqual([
      "0 cas - [3,null] -> ok true",
      "1 read - null -> fail null",
    ]);
    expect(rowsOf(readHistory(SAMPLES["porcupine-kv"]))).toEqual([
      '0 append 0 "x 0 0 y" -> ok "x 0 0 y"',
      '1 get 0 null -> ok "x 0 0 y"',
    ]);
  });

  it.each(Object.entries(SAMPLES))("%s is known by how it begins", (format, text) => {
    for (const start of ["", "\ufeff", "\n \r\n", "\ufeff\n"]) {
      const reader = new HistoryReader();
      reader.push(start + text);
      expect(reader.format).toBe(format);
      expect(rowsOf(reader.end())).toEqual(rowsOf(readHistory(text)));
    }
  });

  it.each(Object.values(SAMPLES))("is the same however it is cut into pieces: %#", (text) => {
    const whole = readHistory(text);
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        expect(readInPieces(text, cuts, {})).toEqual(whole);
      }),
    );
  });

  it("is an empty history if it is empty", async () => {
    for (const format of ["auto", "jsonl", "edn", "etcd", "porcupine-kv"] as const) {
      expect(readHistory("", { format }).operations).toEqual([]);
      expect((await readHistoryFrom(["\n", " "], { format })).operations).toEqual([]);
    }
    expect(readHistory("[]", { format: "edn" }).events).toBe(0);
  });

  it("can be EDN of independent keys", () => {
    const text =
      "{:process 3 :type :invoke :f :cas :value [:x [1 2]]}{:process 3 :type :ok :f :cas :value #t[:x [1 2]]}";
    expect(rowsOf(readHistory(text, { independent: true }))).toEqual(["3 cas x [1,2] -> ok true"]);
    const other = text.replace(/\[1 2\](?=\]\}$)/, "[1 3]");
    expect(rowsOf(readHistory(other, { independent: true }))).toEqual([
      "3 cas x [1,2] -> ok [1,3]",
    ]);
  });

  it("must be one that is known", () => {
    const read = (format: string) =>
      faultOf(() => readHistory("", { format } as unknown as ReadOptions));
    expect(read("xml")?.message).toBe(
      'no history format "xml"; write jsonl, edn, etcd, porcupine-kv',
    );
  });
});

const event = (fields: string): string => `{"process":0,"type":"invoke","f":"get"${fields}}`;
const edn = (fields: string): string => `{:process 0 :type :invoke :f :read ${fields}}`;

describe("what is wrong with a file is said with its line", () => {
  const faults: readonly (readonly [string, string])[] = [
    [
      `${event("")}\n{"process":0`,
      '2: "{\\"process\\":0" is no event in JSON; write {"process":0,',
    ],
    [
      `[${event("")}]`,
      '1: "[{\\"process\\":0,\\"type\\":\\"invoke\\",\\"f\\":\\"get\\"}]" begins no format',
    ],
    ["hello", '1: "hello" begins no format that is known; write JSON lines, one event a line, or'],
    [event("") + "\n[]", '2: "[]" is no event in JSON'],
    [event("").replace("invoke", "begin"), '1: "type" is "begin"; write one of invoke, ok, fail,'],
    [event("").replace("0", "0.5"), '1: "process" is 0.5; write a whole number or a name'],
    [event("").replace('"get"', "{}"), '1: "f" is a collection; write the operation\'s name'],
    [event(',"key":7'), '1: "key" is 7; write a string, null or nothing'],
    [event(',"value":{"time":1735689600123456789}'), '1: "1735689600123456789" has more digits'],
    [
      event(',"value":{"time":1735689600123456789},"time":4'),
      '1: "1735689600123456789" has more digits',
    ],
    [
      event(',"time" : 4,"value":{"time":1735689600123456789}'),
      '1: "1735689600123456789" has more digits',
    ],
    [
      event(',"value":{"time":1735689600123456789},"t\\u0069me":4'),
      '1: "1735689600123456789" has more digits',
    ],
    [event(',"time":"noon"'), '1: "time" is "noon"; write a number, null or nothing'],
    [event(',"time":1e999'), "1: time Infinity is not a finite number"],
    [event(',"value":9007199254740993'), '1: "9007199254740993" has more digits than a number can'],
    [event(',"value":[0.1000000000000000001]'), '1: "0.1000000000000000001" has more digits'],
    [event(',"value":1e400'), '1: "1e400" has more digits than a number can hold; write it as'],
    [
      event(`,"value":${"[".repeat(65)}${"]".repeat(65)}`),
      "1: values more than 64 deep in each other",
    ],
    [
      event(`,"index":4}\n{"index":4,"type":"crash"`),
      '2: "index" is 4 after 4; events stand in the',
    ],
    [
      event(',"value":"\ufffd"'),
      "1: bytes that are not UTF-8; write the file as UTF-8, and U+FFFD itself as \\ufffd",
    ],
    [edn(':value "\ufffd"'), "1: bytes that are not UTF-8; write the file as UTF-8, and U+FFFD"],
    [`${event("")}\n${event("")}`, "2: process 0 invokes get while its get of line 1 is open"],
    ['{"process":0,"type":"ok","f":"get"}', "1: ok of get by process 0, which invoked nothing"],
    [
      `[${edn("")}\n\n`,
      "3: the list that begins in line 1 is not closed; the file may be cut short",
    ],
    [`${edn("")}\n{:a\n1]`, '3: not EDN: "]" where "}" would close what is open, at "]"'],
    [`${edn("")}]`, '1: not EDN: "]" where nothing is open, at "]"'],
    [`{:a}`, '1: not EDN: a map with a key that has no value, at "{:a}"'],
    [`(\n[1])`, '2: "[1]" is no event; write {:process 0, :type :invoke, :f :read, :value nil}'],
    [`{} foo`, "1: :process is missing; write a whole number"],
    [edn(':value "\\q"'), '1: not EDN: "\\q" is no escape of EDN, at'],
    [edn(":value [1 #_]"), '1: not EDN: a value is missing, at "]}"'],
    [edn(':value "'), "1: not EDN: a string without its closing quote, at"],
    [edn(":value foo"), '1: "foo" is a symbol; write a number, a string or a keyword'],
    [edn(":value 12345678901234567890"), '1: "12345678901234567890" has more digits than a number'],
    [edn(":value 0x12"), '1: "0x12" is no number that is understood; write a number, a string or'],
    [edn(":value \\a"), '1: "\\\\a" is a character; write a string'],
    [edn(':value [:a "a"]'), '1: "a" stands here as a string, above as a keyword; write it in one'],
    [edn(":value {:a 1 :a 2}"), '1: a map with the key "a" twice'],
    [edn(':value [#{1 2} {"#set" [1 2]}]'), '1: "#set" stands here as a string, above as a set'],
    [edn(":value [#{1 2} #set [1 2]]"), '1: "#set" stands here as a tag, above as a set'],
    [edn(':value [{"#foo" 1} #foo 1]'), '1: "#foo" stands here as a tag, above as a string'],
    [edn(":value {true 1}"), "1: the key true; write a string, a keyword or a number"],
    [edn(":value {nil 1}"), "1: the key nil; write a string, a keyword or a number"],
    [edn(":value {[1] 1}"), "1: a key that is a collection; write a string, a keyword or a number"],
    [edn(":value #{1 2 1}"), "1: a set with 1 twice"],
    [edn(":value [#{[:a 1] [:a 1.0]}]"), '1: a set with ["a",1] twice'],
    [edn(":value {1 :a 1.0 :b}"), '1: a map with the key "1" twice'],
    [edn(":value 017"), '1: "017" is no number that is understood; write a number, a string or'],
    [edn(":value [-00.5]"), '1: "-00.5" is no number that is understood'],
    [edn(":value 1/2"), '1: "1/2" is no number that is understood'],
    [edn(":value ::here"), '1: "::here" has a namespace that only its program knows'],
    [edn(":value #:a{:b 1}"), '1: "#:a{:b 1}" has its namespace before it, as no EDN has; write'],
    [
      `#:jepsen${edn("")}`,
      '1: "#:jepsen{:process 0 :type :invoke :f :read }" is no event; write {:process 0',
    ],
    [edn(":value #?(:clj 1)"), '1: not EDN: "#" without the name of a tag, at "#?(:clj 1)}"'],
    [edn(":value #^{:a 1} x"), '1: not EDN: "#" without the name of a tag'],
    [event(',"value":1,"value":2'), '1: "value" stands twice in one object'],
    [event(',"value" : 1\t, "value"\t:2'), '1: "value" stands twice in one object'],
    [event(',"value":[{"a":1},{"b":{"c":1,"\\u0063":2}}]'), '1: "c" stands twice in one object'],
    [edn(":f :write"), "1: :f stands twice in one event"],
    [edn(`:value ${"[".repeat(70)}${"]".repeat(70)}`), "1: not EDN: values more than 64 deep"],
    [edn(`:value ${"#a ".repeat(9999)}1`), "1: not EDN: values more than 64 deep"],
    [edn(":key [1]"), "1: the key is a collection; write a string, a keyword or an integer"],
    [SAMPLES.etcd.replace("nil", "x"), '1: the value "x"; write an integer, nil, or a pair'],
    [SAMPLES.etcd.replace("util - 1\t:f", "util - \t:f"), '5: "INFO  jepsen.util - \\t:fail'],
    [
      SAMPLES["porcupine-kv"].replace(':key "0", :value nil', ":value nil"),
      "3: no :key; write a string",
    ],
    [SAMPLES["porcupine-kv"].replace(":append", ":cas"), '1: "cas" is none of get, put, append'],
    [
      SAMPLES["porcupine-kv"].replace('"x 0 0 y"}', "7}"),
      "1: the value of invoke append is 7; write a",
    ],
  ];

  it.each(faults.map(([text, message]) => ({ text, message })))("$message", ({ text, message }) => {
    const fault = faultOf(() => readHistory(text, { file: "h" }));
    expect(fault?.code).toBe("BAD_HISTORY");
    expect(fault?.message).toContain(`h:${message}`);
    expect(fault?.message).not.toContain("\n");
  });

  it("but text that looks like a field is none, nor is one of another object", () => {
    const value = { 'a":': ['":', '"a":1,"a":2', { a: 1, b: [{ a: 2 }] }, { a: 3 }], a: '\\":' };
    const text = event(
      `,"value":${JSON.stringify(value)},"more":${"[".repeat(20_000)}{"a":[${"]".repeat(20_000)}`,
    ).replace('{"a":[', '{"a":[]}');
    expect(readHistory(text).operations[0]?.input).toEqual(value);
  });

  it("and so is a file that is no text", () => {
    const files: readonly (readonly [readonly number[], string])[] = [
      [[0xff, 0xfe, 0x7b, 0], "h:1: this is UTF-16; write the file as UTF-8"],
      [[0x28, 0xb5, 0x2f, 0xfd, 1], "h:1: this is compressed with zstd; unpack it first, or use"],
      [[0x1f, 0x8b, 8], "h:1: this is compressed with gzip; unpack it first"],
      [[0x50, 0x4b, 3, 4], "h:1: this is a zip archive; unpack it first"],
      [[10, 0x7f, 0x45, 0x4c, 0x46, 0], "h:2: this is no text in UTF-8; give a history as text"],
      [[...Buffer.from("JEPSEN"), 0], "h:1: this is Jepsen's binary store; the same run has its"],
    ];
    for (const [bytes, said] of files) {
      for (const format of ["auto", "edn"] as const) {
        const reader = new HistoryReader({ file: "h", format });
        const fault = faultOf(() => {
          for (const byte of bytes) reader.push(Uint8Array.of(byte));
          reader.end();
        });
        expect(fault?.code).toBe("BAD_HISTORY");
        const isNamed = format === "edn" && said.includes("no text");
        expect(fault?.message).toContain(isNamed ? "h:2: " : said);
      }
    }
  });

  it("and so is a line or an event that is too long, before it has all been read", () => {
    const reader = new HistoryReader({ file: "h", limits: { lineLengthMax: 1000 } });
    reader.push(`${event("")}\n`);
    const piece = "x".repeat(600);
    reader.push(piece);
    expect(faultOf(() => reader.push(piece))?.message).toBe(
      "h:2: a line of more than 1000 characters; write one event a line",
    );
    const ednReader = new HistoryReader({
      file: "h",
      format: "edn",
      limits: { lineLengthMax: 1000 },
    });
    ednReader.push(`[\n{:value "${piece}`);
    expect(faultOf(() => ednReader.push(piece))?.message).toBe(
      "h:2: an event of more than 1000 characters; is a bracket missing?",
    );
  });

  it("and deep nesting in a line of megabytes takes no time", () => {
    const text = event(`,"value":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`);
    expect(faultOf(() => readHistory(text))?.message).toContain("values more than 64 deep");
  });
});

describe("writing JSON lines", () => {
  const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, true, false),
      fc.string({ unit: "grapheme" }),
      number.filter((x) => !Number.isInteger(x) || Number.isSafeInteger(x)),
      fc.array(tie("any")),
      fc.dictionary(fc.string(), tie("any")),
    ),
  })).any;
  const types = fc.constantFrom("invoke", "ok", "fail", "info", "crash");

  /** Makes an order that can have happened of whatever was drawn. */
  function historyOf(drawn: readonly (readonly [string, number, unknown])[]): string {
    const open = new Map<number, string>();
    let text = "";
    for (const [index, [drawnType, process, drawnValue]] of drawn.entries()) {
      const isOpen = open.has(process);
      const answer = drawnType === "invoke" ? "ok" : drawnType;
      const type = drawnType === "crash" ? drawnType : isOpen ? answer : "invoke";
      const f = open.get(process) ?? `f${process}`;
      if (type === "crash") open.clear();
      else if (type === "invoke") open.set(process, f);
      else open.delete(process);
      const written = {
        type,
        process: String(process),
        f,
        key: null,
        value: drawnValue,
        time: index,
      };
      text += jsonLineOf(written as HistoryEvent, index);
    }
    return text;
  }

  it("holds U+FFFD where it is meant, and reads it where it is spelt", () => {
    const spelt = historyOf([["invoke", 0, "\ufffd"]]);
    expect(spelt).toContain('"value":"\\ufffd"');
    const [read] = readHistory(spelt).operations;
    const [other] = readHistory('{:process 0 :type :invoke :f :write :value "\\uFFFD"}').operations;
    expect([read?.input, other?.input]).toEqual(["\ufffd", "\ufffd"]);
  });

  it("gives what is read as the same history", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(types, fc.nat(3), value)), (drawn) => {
        const text = historyOf(drawn);
        const history = readHistory(text);
        const again = readHistory([...jsonLinesOf(history)].join(""));
        expect(again).toEqual(history);
        expect(again.events).toBe(drawn.length);
      }),
    );
  });

  const written = (answer: unknown): HistoryEvent =>
    ({
      type: "ok",
      process: "0",
      f: "get",
      key: null,
      value: answer,
      time: null,
    }) as unknown as HistoryEvent;

  it.each([[Number.NaN], [2 ** 53], [new Uint8Array(2)], [new Map()], [() => 1], [1n]])(
    "refuses what JSON would make something else of: %s",
    (wrong) => {
      const fault = faultOf(() => jsonLineOf(written([wrong]), 3));
      expect(fault?.message).toMatch(/^event 3: .* is no value of JSON; give JSON values/);
    },
  );

  it("writes undefined as null", () => {
    expect(jsonLineOf(written([undefined]), 3)).toBe(
      '{"index":3,"process":"0","type":"ok","f":"get","key":null,"value":[null]}\n',
    );
  });
});

describe("docs/history-format.md", () => {
  const page = readFileSync(new URL("../../docs/history-format.md", import.meta.url), "utf8");
  const [, example = ""] = /^```jsonl\n([\s\S]*?)^```$/m.exec(page) ?? [];

  it("has an example that is read as the page says", () => {
    expect(rowsOf(readHistory(example, { format: "jsonl" }))).toEqual([
      "0 put a 1 -> ok null",
      "1 get a null -> ok 1",
      "0 delete a null -> info null",
      "1 cas b [null,2] -> ok true",
      '1 scan - ["a","c"] -> ok [["b",2]]',
    ]);
    expect(withoutPlaces(readHistory([...jsonLinesOf(readHistory(example))].join("")))).toEqual(
      withoutPlaces(readHistory(example)),
    );
  });

  it("names every format and every field", () => {
    for (const name of ["jsonl", "edn", "etcd", "porcupine-kv"])
      expect(page).toContain(`| \`${name}\` |`);
    for (const [line] of example.matchAll(/^.+$/gm)) {
      for (const field of Object.keys(JSON.parse(line) as object)) {
        expect(page).toContain(`| \`${field}\` |`);
      }
    }
  });
});
