import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  EventLoop,
  inspectDatabase,
  LatchworkLevel,
  LevelError,
  open,
  openEngine,
  verifyDatabase,
  verifyDirectory,
} from "../../src/level/index.ts";
import { LatchworkError, runToCompletion } from "../../src/task/index.ts";

let root = "";
let level: LatchworkLevel | null = null;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "latchwork-options-"));
  level = await open(join(root, "db"));
});

afterEach(async () => {
  await level?.close();
  rmSync(root, { recursive: true });
});

/** As a program without types hands over what it likes. */
function odd(options: object): never {
  return options as never;
}

async function refusalOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return "taken";
  } catch (error) {
    const reason =
      error instanceof Error && error.cause instanceof LevelError ? error.cause : error;
    if (!(reason instanceof LevelError) && !(reason instanceof LatchworkError)) throw error;
    return `${reason.code}: ${reason.message}`;
  }
}

type Act = (db: LatchworkLevel) => unknown;

const CALLS: readonly (readonly [name: string, meant: string, act: Act])[] = [
  ["get", "valueEncoding", (db) => db.get("a", odd({ valueEncodng: "utf8" }))],
  ["getMany", "keyEncoding", (db) => db.getMany(["a"], odd({ keyEncodig: "utf8" }))],
  ["has", "keyEncoding", (db) => db.has("a", odd({ keyencoding: "utf8" }))],
  ["hasMany", "snapshot", (db) => db.hasMany(["a"], odd({ snapshots: null }))],
  ["put", "valueEncoding", (db) => db.put("a", "1", odd({ valueEncoder: "utf8" }))],
  ["insert", "valueEncoding", (db) => db.insert("a", "1", odd({ valueEncodings: "utf8" }))],
  ["remove", "keyEncoding", (db) => db.remove("a", odd({ keyEncodings: "utf8" }))],
  ["del", "keyEncoding", (db) => db.del("a", odd({ keyEnconding: "utf8" }))],
  ["batch", "keyEncoding", (db) => db.batch([{ type: "del", key: "a" }], odd({ keyEncodin: "x" }))],
  [
    "batch",
    "valueEncoding",
    (db) => db.batch([odd({ type: "put", key: "a", value: "1", valueEncodin: "json" })]),
  ],
  ["batch", "sublevel", (db) => db.batch([odd({ type: "del", key: "a", sublevl: null })])],
  [
    "batch",
    "valueEncoding",
    (db) =>
      db
        .batch()
        .put("a", "1", odd({ valueEncoder: "json" }))
        .del("b")
        .write(),
  ],
  [
    "batch",
    "keyEncoding",
    (db) =>
      db
        .batch()
        .del("a", odd({ keyEncodin: "utf8" }))
        .write(),
  ],
  ["clear", "limit", (db) => db.clear(odd({ limits: 1 }))],
  ["iterator", "reverse", (db) => db.iterator(odd({ revers: true })).all()],
  ["keys", "limit", (db) => db.keys(odd({ limt: 1 })).all()],
  ["values", "gte", (db) => db.values(odd({ gtee: "a" })).all()],
];

describe("an option that there is not", () => {
  it.each(CALLS)("of %s is refused, with the nearest name", async (name, meant, act) => {
    const text = await refusalOf(() => (level === null ? null : act(level)));
    expect(text).toMatch(/^BAD_ARGUMENT: option "[^"]+" of /);
    expect(text).toContain(`of ${name}: there is none; did you mean ${meant}? expected `);
  });

  it("of a call is refused through a sublevel too, and harms nothing", async () => {
    const sublevel = level?.sublevel("below");
    const text = await refusalOf(() => sublevel?.get("a", odd({ valueEncodng: "utf8" })));
    expect(text).toContain('option "valueEncodng" of get');
    await sublevel?.put("a", "1");
    expect(await sublevel?.get("a")).toBe("1");
    expect(await sublevel?.iterator({ gte: "a", limit: 1 }).all()).toEqual([["a", "1"]]);
  });

  it("may be the user's own if it is like none of ours, and is seen by who listens", async () => {
    expect(await refusalOf(() => level?.get("a", odd({ plugin: 1 })))).toBe("taken");
    expect(await refusalOf(() => level?.keys(odd({ highWaterMarkBytes: 1 })).all())).toBe("taken");
    const seen: unknown[] = [];
    level?.on("write", (operations) => seen.push(...operations));
    await level?.put("a", "1", odd({ ttl: 7, source: "test" }));
    await level?.del("a", odd({ because: "old" }));
    await level?.batch([{ type: "put", key: "b", value: "2", ...(odd({ ttl: 8 }) as object) }]);
    expect(seen).toMatchObject([{ ttl: 7, source: "test" }, { because: "old" }, { ttl: 8 }]);
  });

  it("is looked for in every object anew, unless it cannot have changed", async () => {
    const options: Record<string, unknown> = { valueEncoding: "utf8" };
    await level?.put("a", "1", options);
    options["valueEncodng"] = "utf8";
    expect(await refusalOf(() => level?.put("a", "1", options))).toContain("valueEncodng");
    const frozen = Object.freeze({ snapshot: undefined });
    await level?.get("a", odd(frozen));
    expect(await refusalOf(() => level?.put("a", "1", odd(frozen)))).toBe("taken");
  });

  it("of open or a constructor is refused before anything is made", async () => {
    const place = join(root, "other");
    const told = "did you mean poolBytes? expected protocol, pageSize";
    expect(await refusalOf(() => open(place, odd({ poolByte: 1 })))).toContain(told);
    expect(await refusalOf(() => new LatchworkLevel(place, odd({ poolByte: 1 })))).toContain(told);
    const made = new LatchworkLevel(place, odd({ passive: true }));
    expect(await refusalOf(() => made.open(odd({ poolByte: 1 })))).toContain(told);
    expect(readdirSync(root)).toEqual(["db"]);
  });

  it("of the tools and the engine is refused too", async () => {
    const loop = new EventLoop();
    const nothing = (function* (): Generator<never, void> {})();
    const acts: readonly (readonly [string, () => unknown])[] = [
      ["onProgress", () => verifyDirectory(join(root, "db"), odd({ onProgres: () => null }))],
      ["poolFrames", () => runToCompletion(openEngine(odd({ poolFrame: 8 })))],
      ["checksum", () => runToCompletion(inspectDatabase(odd({ checkSums: null })))],
      ["onProgress", () => runToCompletion(verifyDatabase(odd({ onprogres: null })))],
      ["background", () => loop.run(nothing, odd({ backround: true }))],
    ];
    for (const [meant, act] of acts) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expect(await refusalOf(act)).toContain(`did you mean ${meant}?`);
    }
  });
});

describe("options that cannot be", () => {
  const NO_OBJECTS: readonly (readonly [found: string, options: unknown])[] = [
    ["null", null],
    ["5", 5],
    ['"x"', "x"],
    ["a function", () => null],
    ["an array", []],
  ];

  it.each(NO_OBJECTS)("are refused where an object should be: %s", async (found, options) => {
    const place = join(root, "other");
    const told = /^BAD_ARGUMENT: options of [a-z ]+: expected an object, found /;
    const acts: readonly (() => unknown)[] = [
      () => open(place, odd(options as object)),
      () => new LatchworkLevel(place, odd(options as object)),
      () => new LatchworkLevel(place).open(odd(options as object)),
      () => level?.insert("a", "1", odd(options as object)),
    ];
    for (const act of acts) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      const text = await refusalOf(act);
      expect(text).toMatch(told);
      expect(text).toContain(found.replace(/^an? /, ""));
    }
    expect(readdirSync(root)).toEqual(["db"]);
    expect(await level?.keys().all()).toEqual([]);
  });

  it.each(["no", "false", 0, 1, null])(
    "are refused where true or false should be: %j",
    async (given) => {
      const place = join(root, "other");
      for (const name of ["createIfMissing", "errorIfExists"]) {
        const told = `BAD_ARGUMENT: ${name} must be true or false, not ${JSON.stringify(given)}`;
        // oxlint-disable no-await-in-loop -- one after another
        expect(await refusalOf(() => open(place, odd({ [name]: given })))).toBe(told);
        expect(await refusalOf(() => new LatchworkLevel(place).open(odd({ [name]: given })))).toBe(
          told,
        );
        // oxlint-enable no-await-in-loop
      }
      expect(readdirSync(root)).toEqual(["db"]);
    },
  );

  it("are not those that are left undefined", async () => {
    const place = join(root, "other");
    const other = await open(place, odd({ createIfMissing: undefined, errorIfExists: undefined }));
    await other.close();
    await other.open({ createIfMissing: false });
    expect(other.status).toBe("open");
    await other.close();
  });
});

describe("an option of the wrong type or size", () => {
  const PAGE = "BAD_PAGE_SIZE: page size must be a power of two from 512 to 32768, not";
  const POLICIES =
    "there are each, window, immediate-when-alone, immediate-when-one-waits, adaptive, " +
    "window:<ms>";
  const LONG = 86_400_001;

  it.each<[options: object, said: string]>([
    [{ pageSize: "4096" }, `${PAGE} "4096"`],
    [{ pageSize: 4096n }, `${PAGE} 4096`],
    [{ pageSize: [4096] }, `${PAGE} an array`],
    [{ protocol: 5n }, "UNKNOWN_NAME: no protocol 5; there are"],
    [{ protocol: null }, "UNKNOWN_NAME: no protocol null; there are"],
    [{ commitPolicy: null }, `UNKNOWN_NAME: no commit policy null; ${POLICIES}`],
    [{ commitPolicy: {} }, `UNKNOWN_NAME: no commit policy an object; ${POLICIES}`],
    [{ commitPolicy: ["window:5"] }, `UNKNOWN_NAME: no commit policy an array; ${POLICIES}`],
    [{ commitPolicy: "window:60001" }, "commit policy window:60001: a window must be 60000 ms"],
    [{ lockLeaseMs: LONG }, `lockLeaseMs must be 86400000 or less, which is a day, not ${LONG}`],
  ])("%o is refused before anything is made", async (options, said) => {
    expect(await refusalOf(() => open(join(root, "other"), odd(options)))).toContain(said);
    expect(readdirSync(root)).toEqual(["db"]);
  });

  it.each([
    ["poolFrames", "64"],
    ["poolBytes", Number.NaN],
    ["segmentBytes", 0],
    ["checkpointBytes", 1.5],
    ["pageSize", "4096"],
  ])("%s %o is refused by the engine", async (name, value) => {
    const act = (): unknown => runToCompletion(openEngine(odd({ [name]: value })));
    expect(await refusalOf(act)).toMatch(/^BAD_(?:ARGUMENT|PAGE_SIZE): .* must be .*, not /u);
  });

  it("is refused by verifyDirectory", async () => {
    for (const options of [{ force: "no" }, { onProgress: 1 }]) {
      const act = (): unknown => verifyDirectory(join(root, "db"), odd(options));
      // oxlint-disable-next-line no-await-in-loop -- one after another
      expect(await refusalOf(act)).toMatch(/^BAD_ARGUMENT: (?:force|onProgress)/u);
    }
  });
});
