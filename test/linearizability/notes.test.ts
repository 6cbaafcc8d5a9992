import { describe, expect, it } from "vitest";
import {
  casRegister,
  checkHistory,
  counter,
  fifoQueue,
  type History,
  kvMap,
  type Model,
  multiRegister,
  notesOn,
  noteText,
  perKey,
  readHistory,
  register,
  setModel,
  stack,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";

const notesOf = (history: History, model: Model): string[] =>
  notesOn(history, model, checkHistory(history, model)).map((note) => noteText(note, history));

describe("a history whose times go back", () => {
  const line = (
    process: string,
    type: string,
    f: string,
    time: number | undefined,
    value?: unknown,
  ): string => JSON.stringify({ process, type, f, key: "x", time, value });
  const read = (lines: readonly string[]): History => readHistory(lines.join("\n"), { file: "h" });

  it("is told with how often and where, whatever the verdict", () => {
    const a = [
      line("a", "invoke", "put", 10, 1),
      line("a", "ok", "put", 20),
      line("a", "invoke", "get", 50),
    ];
    const b = [line("b", "invoke", "put", 30, 2), line("b", "ok", "put", 40)];
    for (const value of [1, 2]) {
      const joined = read([...a, line("a", "ok", "get", 60, value), ...b]);
      const [note, ...more] = notesOf(joined, kvMap());
      expect(note).toBe(
        "times go back from event to event, at 2 of 6, first from 60 to 30 at put x 2 -> null by " +
          "process b (h:5): operations were judged in the order of their lines, and their times " +
          "were not looked at; if the times are right, sort the events by them first",
      );
      expect(more).toEqual([]);
    }
    const sorted = [...a, line("a", "ok", "get", 60, 2), ...b].toSorted(
      (one, other) =>
        (JSON.parse(one) as { time: number }).time - (JSON.parse(other) as { time: number }).time,
    );
    expect(notesOf(read(sorted), kvMap())).toEqual([]);
    expect(checkHistory(read(sorted), kvMap()).kind).toBe("linearizable");
  });

  it("is told of operations that stand as pairs, and of answers before their questions", () => {
    const pairs = [
      line("a", "invoke", "put", 0, 1),
      line("a", "ok", "put", 10),
      line("b", "invoke", "get", 5),
      line("b", "ok", "get", 15, null),
    ];
    expect(notesOf(read(pairs), kvMap())[0]).toMatch(
      /^times go back .* at 1 of 4, first from 10 to 5/,
    );
    const before = [line("a", "invoke", "put", 10, 1), line("a", "ok", "put", 9)];
    expect(notesOf(read(before), kvMap())[0]).toMatch(
      / first from 10 to 9 at the answer of put x 1 -> null by process a \(h:1\): /,
    );
  });

  it("is not told of times that are equal, missing, or of a crash", () => {
    const lines = [
      line("a", "invoke", "put", 10, 1),
      line("b", "invoke", "get", undefined),
      '{"type":"crash","time":3}',
      line("c", "invoke", "get", 10),
      line("c", "ok", "get", undefined, 1),
    ];
    expect(notesOf(read(lines), kvMap())).toEqual([]);
  });
});

const BEGUN = "which nobody put there: if it was so from the start";
const PUT = "begin the history with operations that put it there";

describe("a history that finds what nobody put there", () => {
  it.each<readonly [string, Model, string, string]>([
    ["a register", register(), "a read\na -> 7", "found 7, X, give the model 7 to start with"],
    [
      "a cas",
      casRegister(),
      "a cas [3,4]\na -> true",
      "found 3, X, give the model 3 to start with",
    ],
    ["a key", kvMap(), 'b get:k\nb -> {"n":1}', 'found k as {"n":1}, X, give the model {"n":1} to'],
    ["a key with others", kvMap(), "a put:a 1\na ->\nb get:k\nb -> 7", "found k as 7, X, give the"],
    [
      "two keys alike",
      kvMap(),
      "b get:k\nb -> 7\nb get:l\nb -> 7",
      "found k as 7, X, give the mod",
    ],
    [
      "two keys that differ",
      kvMap(),
      "b get:k\nb -> 7\nb get:l\nb -> 8",
      `found k as 7, X, ${PUT}`,
    ],
    ["a key beside an absent one", kvMap(), "b get:k\nb -> 7\nb get:l\nb ->", `k as 7, X, ${PUT}`],
    ["a key with deletes", kvMap(), "b get:k\nb -> 7\nb delete:k\nb -> true", `k as 7, X, ${PUT}`],
    ["a scan", kvMap(), 'b scan ["a","c"]\nb -> [["b",2]]', `found b as 2, X, ${PUT}`],
    [
      "a write that was open",
      register(),
      "a write 1\nb read\nb -> 7\na ->",
      "found 7, X, give the",
    ],
    [
      "a failed write of it",
      register(),
      "a write 7\na fail\nb read\nb -> 7",
      "found 7, X, give the",
    ],
    [
      "registers",
      multiRegister({ z: 5 }),
      'a txn [["read","x",null],["write","x",1],["read","x",null],["read","y",null]]\n' +
        'a -> [["read","x",7],["write","x",1],["read","x",1],["read","y",3]]',
      'found x as 7, X, give the model {"z":5,"x":7,"y":3} to start with',
    ],
    ["a counter", counter(), "b add 2\na read\na -> 5\nb ->", ""],
    [
      "a counter at first",
      counter(),
      "a read\na -> 5\nb add 2\nb ->",
      "found 5, X, give the model 5",
    ],
    [
      "a key of registers",
      perKey(register()),
      "a read:k\na -> 7",
      "found k as 7, X, give the mode",
    ],
    ["a set", setModel(), 'a read\na -> ["x"]', `found the element "x", X, ${PUT}`],
    ["a set", setModel(), "a contains 3\na -> true", `found the element 3, X, ${PUT}`],
    ["a queue", fifoQueue(), "a enqueue 1\na ->\na dequeue\na -> 9", `found 9, X, ${PUT}`],
    ["a stack", stack(), "a pop\na -> 9", `found 9, X, ${PUT}`],
  ])("may not have begun as the model: %s", (_, model, text, said) => {
    const notes = notesOf(drawn(text), model).join("\n");
    expect(notes).toContain(said.replace("X", BEGUN));
    expect(notes === "").toBe(said === "");
  });

  it.each<readonly [string, Model, string]>([
    ["it was changed before", register(), "a write 1\na ->\na read\na -> 7"],
    ["somebody wrote it, later", register(), "a read\na -> 7\na write 7\na ->"],
    ["it may be what was appended", kvMap({ initial: "" }), 'a append:k "x"\nb get:k\nb -> "y"'],
    ["nothing was found", kvMap(), "a put:k 1\na ->\nb get:k\nb ->"],
    ["nobody knows what was found", register(), "a write 1\na ->\na read\na info\na read\na ->"],
    ["it is another key's", kvMap(), "a put:k 1\na ->\na get:k\na -> 2\nb get:l\nb -> 7"],
    ["two values were found", register(), "a read\na ->\na read\na -> 3"],
    ["two were found, one later", register(), "a read\na -> 3\na write 1\na ->\na read\na ->"],
    ["a cas found another", casRegister(), "a read\na -> 3\na cas [4,5]\na -> true"],
    ["no counter has it", counter(), "a read\na -> 0.5"],
    ["two counts were read", counter(), "a read\na -> 1\na read\na -> 2"],
    [
      "a register was null, and not",
      multiRegister(),
      'a txn [["read","x",null]]\na -> [["read","x",null]]\na txn [["read","x",null]]\na -> [["read","x",3]]',
    ],
    [
      "an element was there, and not",
      setModel(),
      "a contains 1\na -> true\na contains 1\na -> false",
    ],
    ["an item was put in", fifoQueue(), "a enqueue 1\na ->\na dequeue\na -> 1\na dequeue\na -> 1"],
  ])("is not told so where %s", (_, model, text) => {
    expect(checkHistory(drawn(text), model).kind).toBe("not-linearizable");
    expect(notesOf(drawn(text), model).filter((note) => note.includes("start"))).toEqual([]);
  });

  it("is right with the start that the note gives", () => {
    const history = drawn("a read\na -> 7\na write 1\na ->\nb read\nb -> 1");
    const verdict = checkHistory(history, register());
    const [note] = notesOn(history, register(), verdict);
    expect(note).toEqual({
      kind: "start",
      operation: 0,
      key: null,
      value: 7,
      isElement: false,
      initial: 7,
    });
    expect(checkHistory(history, register({ initial: 7 })).kind).toBe("linearizable");
  });

  it("may have any number of keys", () => {
    const lines = Array.from({ length: 130_000 }, (_, i) => `a write ${i}\na ->`);
    const history = drawn([...lines, "a read\na -> -1"].join("\n"));
    expect(notesOf(history, register())).toEqual([]);
  });
});

describe("answers that agree with every value", () => {
  const wildcard = casRegister({ initial: 0, nullReads: "wildcard" });

  it("are counted, of a yes too", () => {
    const reads = drawn("a read\na ->\na read\na -> 0\na read\na ->\na write 3\na ->");
    const note = "2 of 3 answers to read are null, which agrees with every value";
    expect(notesOf(reads, wildcard)).toEqual([note]);
    const nulls = drawn("a read\na ->\na write 3\na ->");
    expect(notesOf(nulls, register({ initial: 0 }))[0]).toContain(
      "found null, which nobody put there: if it was so from the start, give the model null to",
    );
    const gets = drawn("a put:k 1\na ->\na get:k\na ->");
    expect(notesOf(gets, kvMap({ nullReads: "wildcard" }))).toEqual([
      "1 of 1 answers to get are null, which agrees with every value",
    ]);
    expect(checkHistory(gets, kvMap()).kind).toBe("not-linearizable");
  });

  it("are of transactions what was read, or the whole answer", () => {
    const lost = 'a txn [["write","x",1]]\na -> [["write","x",1]]\nb txn [["read","x",null]]\n';
    const nulls = drawn(`${lost}b -> [["read","x",null]]`);
    expect(checkHistory(nulls, multiRegister()).kind).toBe("not-linearizable");
    expect(notesOf(nulls, multiRegister({}, { nullReads: "wildcard" }))).toEqual([
      "1 of 2 answers to txn have read null, which agrees with every value",
    ]);
    expect(notesOf(drawn(`${lost}b ->`), multiRegister())).toEqual([
      "1 of 2 answers to txn are missing, and agree with every value",
    ]);
  });

  it("are of a counter those that repeat the argument", () => {
    const echoed = drawn("a add 5\na -> 5\na subtract 2\na -> 2\na read\na -> 3");
    expect(notesOf(echoed, counter({ echoes: true }))).toEqual([
      "1 of 1 answers to add only repeat the argument, and show nothing",
      "1 of 1 answers to subtract only repeat the argument, and show nothing",
    ]);
    expect(checkHistory(echoed, counter({ echoes: true })).kind).toBe("linearizable");
    expect(notesOf(echoed, counter())).toEqual([
      "whatever changes the counter answers its own argument, taken for the new value: if it only " +
        "repeats it, take counter({ echoes: true })",
    ]);
    // Two that both answer 1 have lost an update, unless 1 is an echo.
    const lost = drawn("a add 1\nb add 1\na -> 1\nb -> 1");
    expect(checkHistory(lost, counter()).kind).toBe("not-linearizable");
    const totals = drawn("a add 1\na -> 1\na add 1\na -> 3");
    expect(notesOf(totals, counter())).toEqual([]);
  });
});

it("an echo of true or false is no answer of a set", () => {
  const history = drawn("a add false\na -> false\na contains false\na -> true");
  expect(checkHistory(history, setModel()).kind).toBe("linearizable");
  expect(checkHistory(history, setModel(), { partition: false }).kind).toBe("linearizable");
});

it.each([
  ['[["read","x",1]]', '[["write","x",1]]'],
  ['[["write","x",2]]', '[["write","x",1]]'],
  ['[["write","y",1]]', '[["write","x",1]]'],
  ["[]", '[["write","x",1]]'],
  ["true", '[["write","x",1]]'],
])("a transaction that answers %s to %s is refused", (answer, asked) => {
  const history = drawn(`a txn ${asked}\na -> ${answer}`);
  expect(() => checkHistory(history, multiRegister())).toThrow(
    `drawn:1: txn answers ${answer}: expected its own list with the values read`,
  );
});
