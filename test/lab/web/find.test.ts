import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  bugNamed,
  formatReplay,
  formatStory,
  parseReplay,
  scenarioOfBug,
  tellStory,
  traceText,
} from "../../../src/hunt/index.ts";
import { parseSchedule } from "../../../src/sim/index.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab has it found${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const found = async (pattern: RegExp): Promise<string> => {
    const place = lab.page.getByTestId("found");
    await place.filter({ hasText: pattern }).waitFor();
    return await place.innerText();
  };
  const scenarioOf = (id: string): ReturnType<typeof scenarioOfBug> => scenarioOfBug(bugNamed(id));

  it("hunts: the shrunk run opens, fails, and gives hints and its story", async () => {
    await lab.open({ run: { scenario: scenarioOf("C5"), schedule: [], cursor: 0 }, tab: "find" });
    await lab.button("Hunt").click();
    const text = await found(/Found: /);
    expect(text).toMatch(/shrunk to 2 tasks, \d+ operations and \d+ preemptions?/);
    expect(await lab.deed()).toMatch(/^Step 0 of \d+: nothing has happened yet/);
    const last = Number(await lab.slider.getAttribute("max"));
    expect(last).toBeGreaterThan(3);
    expect(await lab.hint("key")).toContain("On the shortest way to a failure");
    await lab.press("End");
    expect(await lab.verdict()).toContain("deadlock");
    await lab.button("Write it down").click();
    const texts = lab.page.getByTestId("texts");
    await texts.waitFor();
    for (const name of ["Schedule", "Replay line", "Trace"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await texts.locator("summary", { hasText: name }).click();
    }
    const written = async (name: string): Promise<string> =>
      await texts.getByLabel(name, { exact: true }).innerText();
    const { scenario, schedule } = parseReplay(await written("Replay line"));
    expect(schedule).toBe(await written("Schedule"));
    const decisions = parseSchedule(schedule);
    expect(decisions.filter((one) => one >= 0)).toHaveLength(last);
    expect(await written("Trace")).toBe(traceText(scenario, decisions));
    const story = formatStory(tellStory(scenario, decisions), { widthMax: 100 });
    expect(await written("Story")).toBe(story);
    await lab.press("u");
    expect(await lab.deed()).toMatch(/^Step 0 of 0/);
    // What was written down was another run.
    expect(await texts.count()).toBe(0);
  });

  it("proves that the right protocol has no such run", async () => {
    const scenario = { ...scenarioOf("C5"), bug: null };
    await lab.open({ run: { scenario, schedule: [], cursor: 0 }, tab: "find" });
    await lab.button("Prove").click();
    expect(await found(/Proved|Not proved|Found/)).toMatch(
      /✓ Proved: every interleaving of this scenario was run, [\d,  ]+; none fails/,
    );
    expect(await lab.deed()).toMatch(/^Step 0 of 0/);
    expect(await lab.button("Stop").isDisabled()).toBe(true);
    expect(await found(/Proved/)).not.toContain("not of what is shown now");
    const next = formatReplay(scenarioOf("C1"), "");
    await lab.page.evaluate(`location.hash = ${JSON.stringify(encodeURI(`${next}&tab=find`))}`);
    expect(await found(/not of what is shown now/)).toMatch(
      /another scenario: crabbing, \d tasks\.[^]*protocol crabbing/,
    );
  });

  it("sees how far a long hunt is, goes on stepping, and stops it", async () => {
    const scenario = { ...scenarioOf("C1"), bug: null };
    await lab.open({ run: { scenario, schedule: [], cursor: 0 }, tab: "find" });
    await lab.page
      .getByRole("combobox", { name: /^At most/ })
      .selectOption({ label: "1,000,000 schedules" });
    await lab.button("Hunt").click();
    const pace = lab.page.getByTestId("pace");
    await pace
      .filter({ hasText: /^[1-9][\d,]* of 1,000,000 schedules, [\d,]+ a second/ })
      .waitFor();
    const progress = lab.page.getByRole("progressbar");
    expect(Number(await progress.getAttribute("value"))).toBeGreaterThan(0);
    // The page is free meanwhile.
    await lab.press("1", "2");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
    await lab.openTab("Share");
    await lab.openTab("Find");
    await lab.button("Write it down").click();
    await lab.page.getByTestId("texts").waitFor();
    expect(await progress.count()).toBe(1);
    await lab.button("Stop").click();
    expect(await found(/Stopped/)).toMatch(/○ Stopped: nothing was found in the [\d,]+ schedules/);
    expect(await progress.count()).toBe(0);
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
    // One that waits for its turn is dropped, and the one that runs is not.
    expect(
      await lab.page.evaluate(`(async () => {
        const { lab, workers } = latchworkLab;
        const order = { kind: "hunt", scenario: lab.scenario.value, seed: "1", runsMax: 1e6,
          strategies: ["portfolio"], shrinks: false };
        const [one, other] = [workers.do(order), workers.do(order)];
        other.stop();
        const why = await other.answer.catch(({ message }) => message);
        one.stop();
        return [why, (await one.answer).isStopped];
      })()`),
    ).toEqual(["It was stopped before it began.", true]);
  });

  it("chooses how it searches, and cannot choose nothing", async () => {
    await lab.open({ tab: "find" });
    await lab.page.locator("summary", { hasText: "How it searches" }).click();
    const strategy = (name: RegExp): Locator => lab.page.getByRole("checkbox", { name });
    await strategy(/^portfolio/).click();
    expect(await strategy(/^portfolio/).isChecked()).toBe(true);
    await strategy(/^dfs:2/).check();
    await strategy(/^portfolio/).uncheck();
    await lab.button("Hunt").click();
    expect(await found(/Found|Clean/)).toMatch(/By dfs:2 after \d+ schedules?/);
  });
});
