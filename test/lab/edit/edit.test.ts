import { describe, expect, it } from "vitest";
import * as door from "../../../src/index.ts";
import { PROTOCOLS } from "../../../src/btree/index.ts";
import {
  BUGS,
  formatScenario,
  huntScenario,
  parseScenario,
  protocolsExported,
  scenarioOfBug,
} from "../../../src/hunt/index.ts";
import {
  checkScenario,
  EXAMPLE_PROTOCOL,
  EXAMPLE_SCENARIO,
  protocolTitle,
  READY_SCENARIOS,
  readModule,
  type ScenarioFault,
  withLine,
} from "../../../src/lab/index.ts";
import { defaultPortfolio } from "../../../src/sim/index.ts";

function faultOf(text: string, own: readonly string[] = []): ScenarioFault | null {
  const checked = checkScenario(text, own);
  return checked.kind === "fault" ? checked.fault : null;
}

const GOOD = "# mine\nprotocol crabbing\ncapacity 2\ntree [10,20][30]\ntask get 20\ntask put 15\n";

describe("a scenario that is typed", () => {
  it("is what the hunt reads, with its schedule if it has one", () => {
    expect(checkScenario(`${GOOD}schedule a2b`)).toEqual({
      kind: "scenario",
      scenario: parseScenario(GOOD).scenario,
      schedule: [0, 0, 1],
    });
    const line = "LW1:protocol crabbing;capacity 3;tree [10,20,30][40];task get 30;task insert 15;";
    expect(checkScenario(`${line}schedule a3b4#8f1e98`)).toMatchObject({
      kind: "scenario",
      schedule: [0, 0, 0, 1, 1, 1, 1],
    });
  });

  it.each([
    ["an operation that there is not", GOOD.replace("get 20", "fetch 20"), 5],
    ["a key that is none", GOOD.replace("put 15", "put x"), 6],
    ["a tree out of order", GOOD.replace("[30]", "[15]"), 4],
    ["a word that there is not", `${GOOD}colour red`, 7],
    ["a protocol that there is not", GOOD.replace("crabbing", "no-such"), 2],
    ["a bug that there is not", withLine(GOOD, "bug", "Z99"), 3],
    ["a bug of another protocol", withLine(GOOD, "bug", "B1"), 3],
    ["a leaf with too many keys", GOOD.replace("[10,20]", "[10,20,25]"), 4],
    ["a capacity that cannot be", GOOD.replace("capacity 2", "capacity 4000"), 3],
    ["a page size that cannot be", withLine(GOOD, "page-size", "7"), 1],
    ["a schedule that is none", `${GOOD}schedule a!`, 7],
    ["a bug that needs a disk", withLine(GOOD, "bug", "W1"), 3],
  ])("has its line marked for %s", (_, text, line) => {
    expect(faultOf(text)).toMatchObject({ line });
    expect(faultOf(text)?.problem).toMatch(/^[^\n]+$/);
  });

  it.each([
    ["", null],
    ["protocol crabbing\n", null],
    ["LW1:nonsense", null],
  ])("is refused without a line where none is to blame: %j", (text, line) => {
    expect(faultOf(text)).toMatchObject({ line });
  });

  it("may name a protocol that is to be had elsewhere", () => {
    expect(faultOf(EXAMPLE_SCENARIO)).toMatchObject({ line: 1 });
    expect(faultOf(EXAMPLE_SCENARIO, ["mine"])).toBeNull();
  });
});

describe("a line that is chosen from a list", () => {
  it("is set, put in, and left out, and the rest stays", () => {
    const changed = withLine(GOOD, "protocol", "olc");
    expect(changed).toBe(GOOD.replace("crabbing", "olc"));
    const broken = withLine(GOOD, "bug", "C1");
    expect(broken).toBe(GOOD.replace("capacity", "bug C1\ncapacity"));
    expect(withLine(broken, "bug", null)).toBe(GOOD);
    expect(withLine("task get 1", "protocol", "olc")).toBe("protocol olc\ntask get 1");
  });
});

describe("what one can begin from", () => {
  it.each(READY_SCENARIOS)("$name can be run as it stands", ({ text }) => {
    const checked = checkScenario(text);
    expect(checked.kind).toBe("scenario");
    expect(text).toBe(
      checked.kind === "scenario" ? withoutDefaults(text, formatScenario(checked.scenario)) : "",
    );
  });

  it("has names of its own, and every protocol has a title", () => {
    expect(new Set(READY_SCENARIOS.map(({ name }) => name)).size).toBe(READY_SCENARIOS.length);
    expect(PROTOCOLS.filter(({ name }) => protocolTitle(name) === "")).toEqual([]);
  });

  it("includes every bug with its own scenario", () => {
    const faulty = BUGS.filter((bug) => faultOf(formatScenario(scenarioOfBug(bug))) !== null);
    expect(faulty).toEqual([]);
  });

  it("has a protocol that breaks a rule, and a scenario in which a hunt finds it", async () => {
    Reflect.set(globalThis, "doorOfEditTest", door);
    const names = Object.keys(door);
    const link = addressOf(
      names.map((name) => `export const ${name} = doorOfEditTest.${name};`).join("\n"),
    );
    const module: Record<string, unknown> = await import(
      addressOf(readModule(EXAMPLE_PROTOCOL, new Set(names)).linkedTo(link))
    );
    const protocols = protocolsExported(module);
    expect(protocols.map(({ name }) => name)).toEqual(["mine"]);
    const { verdict } = huntScenario(parseScenario(EXAMPLE_SCENARIO).scenario, {
      protocols,
      seed: 1,
      runsMax: 2000,
      strategies: defaultPortfolio,
      shrink: null,
    });
    expect(verdict.finding?.failure.kind).toBe("freed-page");
  });
});

/** A text of ours leaves out nothing but what the hunt says by default. */
function withoutDefaults(text: string, formatted: string): string {
  const said = new Set(text.split("\n"));
  return formatted
    .split("\n")
    .filter((line) => said.has(line))
    .join("\n");
}

function addressOf(text: string): string {
  return `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
}
