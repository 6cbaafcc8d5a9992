import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  casRegister,
  checkHistory,
  counter,
  explain,
  explanationText,
  fifoQueue,
  type History,
  kvMap,
  type Model,
  mutex,
  register,
} from "../../src/linearizability/index.ts";
import { prove } from "../../src/linearizability/explain/proof.ts";
import { itemsOf } from "../../src/linearizability/explain/proof-items.ts";
import { subjectOf as claimsOf } from "../../src/linearizability/explain/claims.ts";
import { Trial } from "../../src/linearizability/explain/trial.ts";
import { createPrng } from "../../src/task/index.ts";
import { type Family, familyOf, generate } from "../../bench/check-families.ts";
import { drawn } from "../support/drawn-history.ts";
import { isExplained, subjectOf } from "../support/forget.ts";
import { DRAWINGS, randomHistory } from "../support/random-history.ts";
import { budget, IS_CAMPAIGN } from "../campaign.ts";

/** What is said of a drawing that is not linearizable. */
function explained(model: Model, drawing: string): string {
  const history = drawn(drawing);
  const verdict = checkHistory(history, model);
  if (verdict.kind !== "not-linearizable") return verdict.kind;
  const explanation = explain(history, model, verdict);
  expect(explanation.isMinimal).toBe(true);
  return `\n${explanationText(explanation, history)}\n`;
}

describe("a key that a scan left out", () => {
  const missed = 'a put:a "x"\na ->\na scan ["a","c"]\na -> []';

  it.each([null, "", "y"])("is absent, whatever absent keys hold: %j", (initial) => {
    const text = explained(kvMap({ initial, nullReads: "wildcard" }), missed);
    expect(text).toContain("B saw no a. So it was only at first");
  });
});

describe("explanations", () => {
  it("stale_read", () => {
    const drawing = "a write 1\na ->\na write 2\na ->\nb read\nb -> 1";
    expect(explained(register(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        B: write 2 -> null by process a (drawn:3)
        C: read -> 1 by process b (drawn:5)
      also named, because their times matter:
        A: write 1 -> null by process a (drawn:1)
      why:
        C found that the value was 1. But only A leaves 1, and what A left was replaced by B (A was over before B began, B was over before C began).
      "
    `);
  });

  it("read_of_what_nobody_wrote", () => {
    expect(explained(register(), "a write 1\na ->\nb read\nb -> 7")).toMatchInlineSnapshot(`
      "
      no order explains this operation, even if each other operation may or may not have happened:
        A: read -> 7 by process b (drawn:3)
      why:
        A found that the value was 7, but nobody leaves 7.
      "
    `);
  });

  it("read_of_what_is_marked_as_failed", () => {
    const told = explained(register(), "a write 7\na fail\nb read\nb -> 7");
    expect(told).toContain(
      "A found that the value was 7, but nobody leaves 7, except an operation that is marked as failed and so did not happen.",
    );
  });

  it("read_of_what_was_written_later", () => {
    expect(explained(register(), "b read\nb -> 1\na write 1\na ->")).toMatchInlineSnapshot(`
      "
      no order explains this operation, even if each other operation may or may not have happened:
        A: read -> 1 by process b (drawn:1)
      also named, because their times matter:
        B: write 1 -> null by process a (drawn:3)
      why:
        A found that the value was 1. But only B leaves 1, and B comes after A (A was over before B began).
      "
    `);
  });

  it("lost_update", () => {
    const drawing = "a write 1\na ->\na cas [1,2]\nb cas [1,3]\na -> true\nb -> true";
    expect(explained(casRegister(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        B: cas [1,2] -> true by process a (drawn:3)
        C: cas [1,3] -> true by process b (drawn:4)
      also named, because their times matter:
        A: write 1 -> null by process a (drawn:1)
      why:
        B found that the value was 1. Only A leaves 1, so A comes before B.
        B comes before C: B found that the value was 1, as A left it, and C, which changes it, comes after A (A was over before C began).
        C found that the value was 1. But only A leaves 1, and what A left was replaced by B (A was over before B began).
      "
    `);
  });

  it("readers_that_see_two_writes_in_opposite_orders", () => {
    const drawing = `a write 1\nb write 2\nc read\nc -> 1\nd read\nd -> 2
      c read\nc -> 2\nd read\nd -> 1\na ->\nb ->`;
    expect(explained(register(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 3 operations, even if each other operation may or may not have happened; any 2 of them could be explained:
        B: read -> 1 by process c (drawn:3)
        C: read -> 2 by process c (drawn:7)
        D: read -> 1 by process d (drawn:9)
      also named, because their times matter:
        A: write 1 -> null by process a (drawn:1)
      why:
        B found that the value was 1. Only A leaves 1, so A comes before B.
        D found that the value was 1. But only A leaves 1, and what A left was gone when C found 2 (A comes before B, B was over before C began, C was over before D began).
      "
    `);
  });

  it("insert_twice", () => {
    const drawing = "a insert:k 1\nb insert:k 2\na -> true\nb -> true";
    expect(explained(kvMap(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        A: insert k 1 -> true by process a (drawn:1)
        B: insert k 2 -> true by process b (drawn:2)
      why:
        A found that k was null: so it was at first, and nobody leaves null again.
        A comes before B: A found that k was null, as at first, and B changes it.
        B found that k was null. So it was only at first, and what it was at first was replaced by A.
      "
    `);
  });

  it("delete_of_what_is_gone", () => {
    const drawing = "a put:k 1\na ->\na delete:k\na -> true\nb delete:k\nb -> true";
    expect(explained(kvMap(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        B: delete k -> true by process a (drawn:3)
        C: delete k -> true by process b (drawn:5)
      also named, because their times matter:
        A: put k 1 -> null by process a (drawn:1)
      why:
        C found that k was not null. But only A leaves anything else, and what A left was replaced by B (A was over before B began, B was over before C began).
      "
    `);
  });

  it("scans_of_no_one_moment", () => {
    const drawing = `a put:x 1\nb put:y 1\nc scan ["a","z"]\nd scan ["a","z"]
      c -> [["x",1]]\nd -> [["y",1]]\na ->\nb ->`;
    expect(explained(kvMap(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        B: scan ["a","z"] -> [["x",1]] by process c (drawn:3)
        C: scan ["a","z"] -> [["y",1]] by process d (drawn:4)
      also named, because their times matter:
        A: put x 1 -> null by process a (drawn:1)
      why:
        B saw x as 1. Only A leaves 1, so A comes before B.
        C saw no x: so it was at first, and nobody leaves null again.
        C comes before A: C saw no x, as at first, and A changes it.
        B saw no y. So it was only at first, and what it was at first was gone when C found 1 (C comes before A, A comes before B).
      "
    `);
  });

  it("write_that_came_back_after_the_crash", () => {
    const drawing = "a write 1\na ->\nb write 2\ncrash\nc read\nc -> 1\nc read\nc -> 2";
    expect(explained(register(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        B: read -> 1 by process c (drawn:5)
        C: read -> 2 by process c (drawn:7)
      also named, because their times matter:
        A: write 2 -> pending by process b (drawn:3)
      why:
        C found that the value was 2. But only A leaves 2, and what A left was gone when B found 1 (A was cut off by the crash before B began, B was over before C began).
      "
    `);
  });

  it("mutex_that_two_hold", () => {
    const drawing = "a acquire\na -> true\nb acquire\nb -> true\na release\na -> true";
    expect(explained(mutex(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        A: acquire -> true by process a (drawn:1)
        B: acquire -> true by process b (drawn:3)
      also named, because their times matter:
        C: release -> true by process a (drawn:5)
      why:
        B found that the value was false, but that can be neither the initial value nor the work of the one operation that leaves false: what it was at first was replaced by A (A was over before B began); C comes after B (B was over before C began).
      "
    `);
  });

  it("queue_out_of_order", () => {
    const drawing = "a enqueue 1\na ->\na enqueue 2\na ->\nb dequeue\nb -> 2\nb dequeue\nb -> 1";
    expect(explained(fifoQueue(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        C: dequeue -> 2 by process b (drawn:5)
        D: dequeue -> 1 by process b (drawn:7)
      also named, because their times matter:
        A: enqueue 1 -> null by process a (drawn:1)
        B: enqueue 2 -> null by process a (drawn:3)
      why:
        A was over before B began.
        B was over before C began.
        C was over before D began.
        So C and D came in this order.
        D cannot give its answer there, whatever the other operations did.
      "
    `);
  });

  it("count_that_was_lost", () => {
    const drawing = "a add 1\na ->\nb add 1\nb ->\na read\na -> 1";
    expect(explained(counter(), drawing)).toMatchInlineSnapshot(`
      "
      no order explains these 3 operations, even if each other operation may or may not have happened; any 2 of them could be explained:
        A: add 1 -> null by process a (drawn:1)
        B: add 1 -> null by process b (drawn:3)
        C: read -> 1 by process a (drawn:5)
      why:
        A was over before B began.
        B was over before C began.
        So A, B and C came in this order.
        By themselves A and B would leave 2.
        C cannot give its answer there, whatever the other operations did.
      "
    `);
  });
});

describe("facts", () => {
  it("are data, with operations by their ids", () => {
    const history = drawn("a write 1\na ->\na write 2\na ->\nb read\nb -> 1");
    const verdict = checkHistory(history, register());
    if (verdict.kind !== "not-linearizable") throw new Error(verdict.kind);
    const over = { kind: "time", isCut: false, isAcrossCrash: false };
    expect(explain(history, register(), verdict).facts).toEqual([
      {
        kind: "all-excluded",
        found: { kind: "value", operation: 2, key: null, value: 1 },
        writers: 1,
        isInitial: false,
        excluded: [
          {
            kind: "replaced",
            writer: 0,
            by: 1,
            because: [
              { ...over, before: 0, after: 1 },
              { ...over, before: 1, after: 2 },
            ],
          },
        ],
      },
    ]);
  });

  it("of a case say what is wrong with what it supposes", () => {
    const drawing = `a write 2\nb write 1\na ->\nc cas [1,2]\nc -> true\nd read\nb ->
      e read\nd -> 1\ne -> 2`;
    const text = explained(casRegister(), drawing);
    expect(text).toMatchInlineSnapshot(`
      "
      no order explains these 2 operations, even if each other operation may or may not have happened; either of them alone could be explained:
        D: read -> 1 by process d (drawn:6)
        E: read -> 2 by process e (drawn:8)
      also named, because their times matter:
        A: write 2 -> null by process a (drawn:1)
        B: write 1 -> null by process b (drawn:2)
        C: cas [1,2] -> true by process c (drawn:4)
      why:
        D found that the value was 1. Only B leaves 1, so B comes before D.
        Suppose that E found what A left.
          A comes before B: D found that the value was 1, as B left it, and A, which changes it, comes before D (A was over before D began).
          E found that the value was 2. But what A left was replaced by B (B was over before E began).
        Suppose that E found what C left.
          C comes before B: D found that the value was 1, as B left it, and C, which changes it, comes before D (C was over before D began).
          E found that the value was 2. But what C left was replaced by B (B was over before E began).
        There are no other cases.
      "
    `);
  });
});

describe("cores of random histories of every model", () => {
  const SHAPE = { operations: 7, processes: 3, failed: 6, undecided: 0, crash: 0 };

  it("are impossible, and with any one operation forgotten they are not, by trying every order", () => {
    let cores = 0;
    for (let i = 0; i < budget({ short: 100, campaign: 700 }); i++) {
      const prng = createPrng(`cores ${i}`);
      const drawing = DRAWINGS[i % DRAWINGS.length];
      if (drawing === undefined) continue;
      const { model } = drawing;
      const history = randomHistory(drawing, { ...SHAPE, isBuffered: false, lies: 2 }, prng);
      const verdict = checkHistory(history, model);
      if (verdict.kind !== "not-linearizable") continue;
      cores++;
      const { core, isMinimal, named, facts, sentences } = explain(history, model, verdict);
      expect(JSON.parse(JSON.stringify(facts)), `${i} has facts that are JSON`).toEqual(facts);
      const subject = subjectOf(history, model, verdict.keys);
      const what = `${drawing.name} ${i}`;
      expect(isMinimal, `${what} is minimal`).toBe(true);
      expect(isExplained(subject, core, "force"), `${what} has a core`).toBe(false);
      for (const id of core) {
        const rest = core.filter((other) => other !== id);
        expect(isExplained(subject, rest, "force"), `${what} without ${id}`).toBe(true);
      }
      expect(core.every((id) => named.some((each) => each.id === id && each.isCore))).toBe(true);
      expect(sentences.join("\n"), `${what} is told`).not.toMatch(/undefined|\?/);
    }
    expect(cores).toBeGreaterThan(budget({ short: 28, campaign: 200 }));
  });
});

describe("proofs", () => {
  const SHAPE = { operations: 7, processes: 3, failed: 6, undecided: 8, crash: 4 };
  const REGISTERS = ["register", "cas-register", "kv", "kv scans", "set", "mutex"];

  it("are never found of what is linearizable, and mostly of what is not", () => {
    const drawings = DRAWINGS.filter(({ name }) => REGISTERS.includes(name));
    expect(drawings.length).toBe(REGISTERS.length);
    const tally = { right: 0, wrong: 0, proved: 0 };
    for (let i = 0; i < budget({ short: 300, campaign: 2000 }); i++) {
      const prng = createPrng(`proofs ${i}`);
      const drawing = drawings[i % drawings.length];
      if (drawing === undefined) continue;
      const lies = prng.below(2);
      const history = randomHistory(drawing, { ...SHAPE, isBuffered: false, lies }, prng);
      const { model } = drawing;
      const isRight = checkHistory(history, model).kind === "linearizable";
      const keys = history.operations.flatMap(({ key }) => key ?? []);
      for (const key of new Set(keys.length > 0 ? keys : [""])) {
        const subject = claimsOf(history, model, { keys: key === "" ? [] : [key] }, "durable");
        if (!subject.isRegisters) continue;
        const all = [...subject.claims.keys()];
        const trial = new Trial(subject, {});
        const items = itemsOf(subject, trial, all);
        const isProved = items !== null && prove(items) !== null;
        const isWrong = trial.isImpossible(all);
        expect(isProved && !isWrong, `${drawing.name} ${i} ${key}`).toBe(false);
        expect(isWrong && isRight, `${drawing.name} ${i} ${key}`).toBe(false);
        if (isWrong) tally.wrong++;
        else tally.right++;
        if (isProved) tally.proved++;
      }
    }
    expect(tally.right).toBeGreaterThan(budget({ short: 150, campaign: 1000 }));
    expect(tally.wrong).toBeGreaterThan(budget({ short: 40, campaign: 270 }));
    expect(tally.proved / tally.wrong).toBeGreaterThan(0.95);
  });
});

describe("a stale read in a long history", () => {
  const MIX = { read: 50, write: 25, cas: 25 };

  /** A history in which one read, late, finds what was certainly gone for long. */
  function withStaleRead(family: Family, clients: number, operations: number): History {
    const history = generate(family, clients, operations, 1);
    const reads = history.operations.filter(({ f, output }) => f === "read" && output !== null);
    const victim = reads[Math.floor(reads.length * 0.8)];
    if (victim === undefined) throw new Error("a history without reads");
    const near = history.operations.filter(({ id }) => id > victim.id - 120 && id < victim.id + 60);
    const isNear = new Set(near.flatMap(({ input, output }) => [input, output].flat()));
    const old = reads.findLast(({ id, output }) => id < victim.id && !isNear.has(output));
    if (old === undefined) throw new Error("every value is near");
    const lie = { ...victim, output: old.output };
    return { ...history, operations: history.operations.with(victim.id, lie) };
  }

  it.each([
    ["20 clients, some of which never hear an answer", 20, 4000, 5],
    ["30 clients", 30, 5000, 0],
  ])("of %s is explained by two operations", (_, clients, operations, crashed) => {
    const family = familyOf("stale", { mix: MIX, values: 50, crashed });
    const history = withStaleRead(family, clients, operations);
    const verdict = checkHistory(history, casRegister());
    if (verdict.kind !== "not-linearizable") throw new Error(verdict.kind);
    const { core, isMinimal, sentences } = explain(history, casRegister(), verdict);
    expect(core).toHaveLength(2);
    expect(isMinimal).toBe(true);
    expect(sentences.length).toBeLessThan(5);
  });
});

// A call takes some 100,000 arguments on a program's first thread, and more on the runner's.
it.runIf(IS_CAMPAIGN)("tries sets of any size", () => {
  const program = `
    const [root] = process.argv.slice(1);
    const { HistoryBuilder, register } = await import(root + "index.js");
    const { subjectOf } = await import(root + "explain/claims.js");
    const { Trial } = await import(root + "explain/trial.js");
    const builder = new HistoryBuilder();
    for (let i = 0; i < 200_000; i++) {
      for (const type of ["invoke", "ok"]) {
        const place = { file: "long", line: i };
        const event = { process: "p", f: "write", key: null, value: i, time: null, place };
        builder.add({ type, ...event });
      }
    }
    const subject = subjectOf(builder.build(), register(), { keys: [] }, "durable");
    const trial = new Trial(subject, {});
    process.stdout.write(String(trial.isImpossibleHere([...subject.claims.keys()])));
  `;
  const root = new URL("../../dist/linearizability/", import.meta.url).href;
  const words = ["--input-type=module", "-e", program, root];
  expect(execFileSync(process.execPath, words, { encoding: "utf8", stdio: "pipe" })).toBe("false");
});
