import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bugNamed, BUGS, scenarioOfBug } from "../../../src/hunt/index.ts";
import { formatLink, parseLink, type SharedState } from "../../../src/lab/index.ts";

const decision = fc.integer({ min: -12, max: 60 });
const text = fc.option(fc.string({ unit: "grapheme", maxLength: 30 }), { nil: null });
const run = fc.record({
  scenario: fc.constantFrom(...BUGS).map(scenarioOfBug),
  schedule: fc.array(decision, { maxLength: 40 }),
  cursor: fc.nat({ max: 3000 }),
});
const shared: fc.Arbitrary<SharedState> = fc.record({
  run: fc.option(run, { nil: null }),
  level: text,
  beside: text,
  tab: text,
  code: text,
});

const C1 = scenarioOfBug(bugNamed("C1"));

function faultOf(link: string): string {
  const opened = parseLink(link);
  return opened.kind === "fault" ? opened.message : "";
}

describe("a link", () => {
  it("is read back as it was written, with and without its #", () => {
    fc.assert(
      fc.property(shared, (state) => {
        const link = formatLink(state);
        expect(parseLink(link)).toEqual({ kind: "state", state });
        expect(parseLink(`#${link}`)).toEqual({ kind: "state", state });
        // Nothing that ends an address in a text, or that a browser writes otherwise.
        expect(new URL(`file:///lab.html#${link}`).hash.slice(1)).toBe(link);
        expect(link).not.toMatch(/[\s<>"#]/);
      }),
      { numRuns: 60 },
    );
  });

  it("that is any text gives a state or one line, and never throws", () => {
    const begun = fc.tuple(fc.constantFrom("", "LW1:", "#LW1:", "LW2:", "at=", "%"), fc.string());
    fc.assert(
      fc.property(begun, ([start, rest]) => {
        expect(faultOf(start + rest)).toMatch(/^(This link cannot be opened: .+)?$/);
      }),
      { numRuns: 300 },
    );
  });

  it("that lost any one character says so", () => {
    const link = formatLink({
      run: { scenario: C1, schedule: [0, 1, 1], cursor: 0 },
      level: null,
      beside: null,
      tab: null,
      code: null,
    });
    const line = link.slice(0, link.indexOf("&"));
    const survive = Array.from(line).filter(
      (_, i) => faultOf(line.slice(0, i) + line.slice(i + 1)) === "",
    );
    expect(survive).toEqual([]);
  });

  it.each([
    ["LW1:protocol+nosuch;tree+[10];task+get+10;schedule+a#000000", "check digits"],
    ["LW9:x", "LW9:"],
    ["nonsense", "LW1:"],
    ["LW1:%E0%A4%A", "cut short"],
  ])("%s is refused, naming what is wrong", (link, why) => {
    expect(faultOf(link)).toContain(why);
  });

  it("of a protocol that is not there is refused, unless it brings one", () => {
    const scenario = { ...C1, protocol: "mine", bug: null };
    const state = { level: null, beside: null, tab: null, code: null };
    const link = formatLink({ run: { scenario, schedule: [], cursor: 0 }, ...state });
    expect(faultOf(link)).toMatch(/no protocol.*mine/);
    expect(parseLink(`${link}&code=x`).kind).toBe("state");
  });
});
