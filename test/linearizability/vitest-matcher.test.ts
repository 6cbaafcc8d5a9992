import { describe, expect, it } from "vitest";
import { casRegister, kvMap, readHistory } from "../../src/linearizability/index.ts";
import { linearizabilityMatchers } from "../../src/linearizability/vitest.ts";

const right = readHistory(`
{"process":0,"type":"invoke","f":"put","key":"a","value":1}
{"process":1,"type":"invoke","f":"get","key":"a"}
{"process":1,"type":"ok","f":"get","key":"a","value":1}
{"process":0,"type":"ok","f":"put","key":"a"}
`);

const wrong = readHistory(
  `{"process":0,"type":"invoke","f":"put","key":"a","value":1}
{"process":0,"type":"ok","f":"put","key":"a"}
{"process":2,"type":"invoke","f":"put","key":"a","value":2}
{"process":1,"type":"invoke","f":"get","key":"a"}
{"process":1,"type":"ok","f":"get","key":"a","value":3}
`,
  { file: "stale.jsonl" },
);

/** What the failing assertion says. */
function failureOf(assertion: () => void): string {
  try {
    assertion();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe("expect(history).toBeLinearizable(model)", () => {
  it("passes and fails as the checker says", () => {
    expect(right).toBeLinearizable(kvMap());
    expect(wrong).not.toBeLinearizable(kvMap());
    expect(failureOf(() => expect(right).not.toBeLinearizable(kvMap()))).toBe(
      "linearizable: an order of 2 operations explains every answer",
    );
    expect(failureOf(() => expect(wrong).toBeLinearizable(kvMap()))).toBe(
      `not linearizable: key a: no order explains this operation, even if each other operation may or may not have happened:
  A: get a -> 3 by process 1 (stale.jsonl:4)
why:
  A found that a was 3, but nobody leaves 3.`,
    );
  });

  it("says below a failure what may have been meant otherwise", () => {
    const begun = readHistory(
      '{"process":0,"type":"invoke","f":"get","key":"a"}\n' +
        '{"process":0,"type":"ok","f":"get","key":"a","value":3}',
    );
    expect(
      failureOf(() => expect(begun).toBeLinearizable(kvMap()))
        .split("\n")
        .at(-1),
    ).toBe(
      "note: get a -> 3 by process 0 (history:1) found a as 3, which nobody put there: if it was so " +
        "from the start, give the model 3 to start with",
    );
  });

  it("comes with the import alone", () => {
    expect(Object.keys(linearizabilityMatchers)).toEqual(["toBeLinearizable"]);
    expect(expect(right)).toHaveProperty("toBeLinearizable");
  });

  it("takes no unknown verdict for an answer", () => {
    let nowMs = 0;
    const options = { timeMs: 0, clock: { nowMs: () => nowMs++ } };
    const unknown = /^unknown: out of time; .*explained up to event \d+ of 5$/;
    expect(failureOf(() => expect(wrong).toBeLinearizable(kvMap(), options))).toMatch(unknown);
    expect(failureOf(() => expect(wrong).not.toBeLinearizable(kvMap(), options))).toMatch(unknown);
  });

  it("takes no history for right in which nothing was answered", () => {
    const empty = readHistory("");
    const open = readHistory('{"process":0,"type":"invoke","f":"get","key":"a"}');
    const told = /^nothing to check: the history has no operations; was anything recorded\?$/;
    expect(failureOf(() => expect(empty).toBeLinearizable(kvMap()))).toMatch(told);
    expect(failureOf(() => expect(empty).not.toBeLinearizable(kvMap()))).toMatch(told);
    expect(failureOf(() => expect(open).toBeLinearizable(kvMap()))).toBe(
      "nothing to check: of 1 operations none returned ok",
    );
  });

  it("says so if it gets no history or no model", () => {
    const history: unknown = [];
    const model = Reflect.get({}, "model") as ReturnType<typeof kvMap>;
    expect(failureOf(() => expect(history).toBeLinearizable(kvMap()))).toMatch(/no history; write/);
    expect(failureOf(() => expect(right).toBeLinearizable(model))).toMatch(/no model; write/);
  });

  it("names what the model cannot read", () => {
    expect(failureOf(() => expect(wrong).toBeLinearizable(casRegister()))).toMatch(
      /^stale\.jsonl:1: unknown operation put/,
    );
  });
});
