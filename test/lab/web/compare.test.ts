import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Scenario } from "../../../src/hunt/index.ts";
import { film, type Film, Reel } from "../../../src/lab/index.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";
import { PINNED_RUNS, runOfLine } from "../search/pinned-runs.ts";

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab compares two protocols${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const runOf = (name: string): ReturnType<typeof runOfLine> =>
    runOfLine(PINNED_RUNS.find((pinned) => pinned.name.startsWith(name))?.line ?? "");

  it.each([
    ["C1", "crabbing"],
    ["C5", "b-link"],
    ["O4", "crabbing"],
  ])("%s beside %s: costs, and the first difference", async (bug, protocol) => {
    const { scenario, schedule } = runOf(bug);
    await lab.open({ run: { scenario, schedule, cursor: 0 }, tab: "compare" });
    await lab.panel.getByRole("combobox").selectOption(protocol);
    const one = film(scenario, {
      schedule,
      rule: "exact",
      goOn: { strategy: "on", seed: "compare" },
    });
    const beside = { ...scenario, protocol, bug: null };
    const other = film(beside, { schedule: one.schedule, rule: "loose", goOn: null });
    const rows = await lab.panel.locator("table").first().locator("tbody tr").allInnerTexts();
    const columns = [costsOf(one, scenario), costsOf(other, beside)];
    expect(rows.map((row) => row.split("\t").map((cell) => cell.trim()))).toEqual(
      Object.keys(columns[0] ?? {}).map((name) => [name, ...columns.map((costs) => costs[name])]),
    );

    const differs = firstDifference(one, other);
    expect(differs).toBeGreaterThan(0);
    await lab.button(`Go to step ${differs}`).click();
    expect(await lab.deed()).toContain(`Step ${Math.min(differs, one.stops.length - 1)} of`);
    const marked = await lab.panel.locator("tr.differs").innerText();
    expect(marked).toContain(`≠ ${differs}`);
    for (const { stops } of [one, other])
      expect(marked).toContain(stops[differs]?.deed?.text ?? "");
    expect(await lab.page.locator(".sides h2").allInnerTexts()).toEqual([
      `${scenario.protocol}, bug ${bug}`,
      `${protocol}: ≠ different since step ${differs}`,
    ]);
    await lab.press("ArrowLeft");
    expect(await lab.page.locator(".sides h2").last().innerText()).toBe(protocol);
  });

  it("steps on with two trees, and puts the other one away", async () => {
    await lab.open({ tab: "compare" });
    await lab.panel.getByRole("combobox").selectOption("b-link");
    expect(await lab.tree.count()).toBe(2);
    await lab.press("1", "2", "2");
    expect(await lab.deed()).toMatch(/^Step [23] of [23] so far/);
    expect(await lab.tree.count()).toBe(2);
    await lab.panel.getByRole("combobox").selectOption("");
    expect(await lab.tree.count()).toBe(1);
    expect(await lab.page.getByTestId("comparison").count()).toBe(0);
  });
});

/** What the table says of a run, counted here from the trace and the pictures of each stop. */
function costsOf(made: Film, scenario: Scenario): Readonly<Record<string, string>> {
  const reel = new Reel(made, scenario);
  const pictures = made.stops.map((_, stop) => reel.at(stop));
  const events = pictures.flatMap((picture) => picture.events.map(({ kind }) => kind));
  const count = (kind: string): string => `${events.filter((one) => one === kind).length}`;
  const held = pictures.map(({ tasks }) => tasks.map(({ holds }) => holds.length));
  const waiting = pictures.map(
    ({ tasks }) => tasks.filter(({ state }) => state === "waits").length,
  );
  return {
    end: made.failure === null ? "✓ went well" : `✗ ${made.failure.kind}`,
    steps: `${made.stops.length - 1}`,
    "latches taken": count("granted"),
    "waits for a latch": count("waits"),
    "steps that tasks spent waiting": `${sum(waiting)}`,
    "tries refused": count("refused"),
    "most latches one task held": `${Math.max(...held.flat())}`,
    "most latches held at once": `${Math.max(...held.map(sum))}`,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** The first step that two runs do not do alike, or do not get the same answer to. */
function firstDifference(one: Film, other: Film): number {
  const texts = [one, other].map(({ stops }) =>
    stops.map(({ deed, lines: [line] }) =>
      JSON.stringify([deed?.task, deed?.text, line?.["outcome"]]),
    ),
  );
  const [some = [], others = []] = texts;
  return some.findIndex((text, step) => text !== others[step]);
}
