import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bugNamed, scenarioOfBug } from "../../../src/hunt/index.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";
import { PINNED_RUNS, runOfLine } from "../search/pinned-runs.ts";

/** The run of a bug whose write a crash loses. */
function lostWrite(): ReturnType<typeof runOfLine> {
  const pinned = PINNED_RUNS.find(({ name }) => name.startsWith("W1"));
  if (pinned === undefined) throw new Error("there is a pinned run of W1");
  return runOfLine(pinned.line);
}

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab cuts the power${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const report = async (): Promise<string> =>
    await lab.page.getByTestId("crash-report").innerText();

  it("loses an acknowledged write by a crash, step by step, and is told so", async () => {
    const { scenario, schedule } = lostWrite();
    await lab.open({ run: { scenario, schedule: [], cursor: 0 } });
    expect(await lab.page.getByTestId("disk").innerText()).toContain("No change has been logged");
    await lab.follow(schedule);
    await lab.press("End");
    expect(await lab.verdict()).toContain("what was acknowledged is not there after the crash");
    expect(await report()).toMatch(/Acknowledged, so it must be there\s+.*insert 20/);
    await lab.press("r");
    expect(await lab.page.getByTestId("crash-report").count()).toBe(0);
  });

  it("cuts the power by key and by button, and steps through recovery", async () => {
    const scenario = { ...scenarioOfBug(bugNamed("W1")), bug: null };
    await lab.open({ run: { scenario, schedule: [], cursor: 0 } });
    await lab.press("1", "1");
    await lab.button(/Cut the power/).click();
    const cut = await report();
    expect(cut).toMatch(/After crash 1/);
    expect(cut).toMatch(/Cut off, so it may be there or not\s+.*insert/);
    expect(await lab.tree.innerText()).not.toBe("");
    expect(await lab.page.locator(".tasks > .stopped").innerText()).toContain(
      "cut off by the crash",
    );
    const recovery = lab.page.locator(".tasks > li", { hasText: "recovery" });
    const button = recovery.getByRole("button");
    let steps = 0;
    while ((await button.count()) > 0) {
      /* oxlint-disable no-await-in-loop -- one step after the other */
      await button.click();
      expect(++steps).toBeLessThan(80);
      /* oxlint-enable no-await-in-loop */
    }
    expect(steps).toBeGreaterThan(1);
    await lab.press("End");
    expect(await lab.verdict()).toContain("nothing went wrong");
    expect(await report()).toMatch(/Recovery\s+\S/);
    await lab.slider.fill("2");
    await lab.press("c");
    expect(await report()).toBe(cut);
  });

  it("chooses what else the crash may have left, and sees another disk", async () => {
    const { scenario, schedule } = lostWrite();
    await lab.open({ run: { scenario, schedule, cursor: 0 } });
    const choice = lab.page.getByLabel("What the crash left").getByRole("combobox");
    for (let stop = 0; (await choice.count()) === 0; stop++) {
      /* oxlint-disable no-await-in-loop -- one step after the other */
      expect(stop).toBeLessThan(40);
      await lab.press("ArrowRight");
      /* oxlint-enable no-await-in-loop */
    }
    const before = await report();
    const deed = await lab.deed();
    const texts = new Set([before]);
    const options = await choice.first().locator("option").count();
    expect(options).toBeGreaterThan(1);
    for (let one = 0; one < options; one++) {
      /* oxlint-disable no-await-in-loop -- one after the other */
      await choice.first().selectOption(`${one}`);
      expect(await lab.deed()).toContain(deed.replace(/^Step (\d+) of.*?: /, ""));
      texts.add(await report());
      /* oxlint-enable no-await-in-loop */
    }
    expect(texts.size).toBe(options);
    await lab.press("u");
  });
});
