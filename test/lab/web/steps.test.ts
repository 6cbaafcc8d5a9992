import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runOfLine } from "../search/pinned-runs.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";

/** The lab opens with C1, whose reader lets the parent go before it has the child. */
const SPLIT_RACE = ["a", "b", "a", "b", "b", "b", "a", "b", "a"];

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab decides who moves${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const isDisabled = async (name: string | RegExp): Promise<boolean> =>
    await lab.button(name).isDisabled();

  it("steps by clicks into the split race, and is told of the missed key", async () => {
    await lab.open();
    expect(await lab.deed()).toBe("Step 0 of 0 so far: nothing has happened yet.");
    for (const task of SPLIT_RACE) {
      // oxlint-disable-next-line no-await-in-loop -- one step after the other
      await lab.page.getByTestId(`step-${task}`).click();
    }
    await lab.press("End");
    expect(await lab.verdict()).toContain("no order of the operations explains the answers");
    expect(await lab.verdict()).toContain("get 30");
    expect(await lab.verdict()).toMatch(/\d+ preemptions/);
    expect(await lab.deed()).toMatch(/It fails\.$/);
  });

  it("steps by keys, is told of a preemption, and sees what each holds and waits for", async () => {
    await lab.open();
    await lab.press("2", "2");
    const [a, b] = [0, 1].map((task) => lab.page.locator(`.tasks > .task-${task}`));
    expect(await b?.innerText()).toMatch(/ready[^]*holds X on[^]*next: latch/);
    expect(await a?.innerText()).toContain("a preemption");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b latches X on /);
    await lab.press("1", "1", "1");
    expect(await a?.innerText()).toContain("b is in the way");
    expect(await lab.page.getByTestId("waits-for").innerText()).toContain("a waits for b");
    expect(await isDisabled(/^Step a/)).toBe(true);
    const before = await lab.deed();
    await lab.press("1", "9");
    expect(await lab.deed()).toBe(before);
  });

  it("undoes and redoes steps, branches in the middle, and undoes that", async () => {
    await lab.open();
    expect(await isDisabled(/Undo/)).toBe(true);
    await lab.press("1", "2", "1", "2");
    await lab.button(/Undo/).click();
    expect(await lab.deed()).toMatch(/^Step 3 of 3 so far: a /);
    await lab.press("u", "y", "y");
    expect(await lab.deed()).toMatch(/^Step 4 of 4 so far: b /);
    await lab.slider.fill("1");
    expect(await lab.deed()).toMatch(/^Step 1 of 4 so far: a /);
    await lab.press("2");
    expect(await lab.deed()).toMatch(/^Step 2 of 4 so far: b /);
    await lab.press("ArrowLeft", "1");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: a /);
    await lab.press("u");
    expect(await lab.deed()).toMatch(/^Step 1 of 4 so far: a /);
    await lab.press("y", "r");
    expect(await lab.deed()).toMatch(/^Step 0 of 0/);
    await lab.press("u");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: a /);
  });

  it("scrubs to any step, and sees the tree that there was then", async () => {
    const { scenario, schedule } = runOfLine(
      "LW1:protocol crabbing;bug C1;capacity 3;tree [10,20,30][40];task get 30;task insert 15;schedule abab3aba#45be92",
    );
    await lab.open({ run: { scenario, schedule, cursor: 0 } });
    const last = Number(await lab.slider.getAttribute("max"));
    const pages = async (): Promise<number> => await lab.tree.locator(".page").count();
    const before = await pages();
    const split = async (): Promise<boolean> =>
      (await lab.page.getByLabel("What happened in this step").innerText()).includes("splits");
    let splits = 0;
    for (let step = 0; step <= last; step++) {
      /* oxlint-disable no-await-in-loop -- one step after the other */
      await lab.slider.fill(`${step}`);
      expect(await lab.deed()).toContain(`Step ${step} of ${last}`);
      if (await split()) splits++;
      expect(await pages()).toBe(before + splits);
      /* oxlint-enable no-await-in-loop */
    }
    expect(splits).toBe(1);
    await lab.press("Home");
    expect(await pages()).toBe(before);
    await lab.press("ArrowRight", "ArrowRight", "ArrowLeft");
    expect(await lab.deed()).toContain(`Step 1 of ${last}`);
    const strip = await lab.page.locator(".strip").boundingBox();
    if (strip === null) throw new Error("there is no strip");
    await lab.page.mouse.click(strip.x + strip.width - 2, strip.y + 8);
    expect(await lab.deed()).toContain(`Step ${last} of ${last}`);
    expect(await lab.verdict()).toContain("no order of the operations");
  });

  it.each([
    ["on", "whoever runs goes on", /, 0 preemptions/],
    ["round-robin", "each in turn", /, [1-9]\d* preemptions?/],
    ["random", "at random", /, \d+ preemptions?/],
  ] as const)("lets a strategy play on to the end: %s", async (strategy, text, cost) => {
    await lab.open();
    const choice = lab.page.getByLabel("Who goes next when it plays");
    expect(await choice.locator("option", { hasText: text }).getAttribute("value")).toBe(strategy);
    await choice.selectOption(strategy);
    await lab.page.getByLabel("Speed").selectOption({ label: "20/s" });
    await lab.button(/Play/).click();
    await lab.page.getByTestId("verdict").waitFor();
    expect(await lab.deed()).toMatch(/^Step (\d+) of \1:.*(The end|It fails)\.$/);
    await expect.poll(async () => await isDisabled(/Play/)).toBe(true);
    expect(await lab.verdict()).toMatch(cost);
    await lab.press("u");
    expect(await lab.deed()).toMatch(/^Step 0 of 0 so far/);
  });

  it("steps by keys also from a box that was ticked, which keeps its own", async () => {
    await lab.open({ tab: "find" });
    await lab.panel.locator("summary").first().click();
    const box = lab.panel.getByRole("checkbox").last();
    await box.focus();
    await lab.press("1", "2", " ");
    expect(await box.isChecked()).toBe(true);
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
    expect(await lab.button(/Play/).count()).toBe(1);
  });

  it("finds the theme again that was chosen", async () => {
    await lab.open();
    await lab.button("Theme: as the system").click();
    await lab.button("Theme: light").click();
    await lab.page.reload();
    expect(await lab.page.locator("html").getAttribute("data-theme")).toBe("dark");
    await lab.button("Theme: dark").click();
    expect(await lab.page.locator("html").getAttribute("data-theme")).toBeNull();
  });

  it("pauses where it plays, and goes on from there", async () => {
    await lab.open();
    await lab.page.getByLabel("Speed").selectOption({ label: "2/s" });
    await lab.page.locator("h1").click();
    await lab.press(" ");
    await lab.button(/Pause/).waitFor();
    await expect.poll(() => lab.deed(), { interval: 20 }).toMatch(/^Step [2-6] of/);
    await lab.button(/Pause/).click();
    const paused = await lab.deed();
    // Longer than a step takes at this speed.
    await lab.page.waitForTimeout(600);
    expect(await lab.deed()).toBe(paused);
    expect(paused).toMatch(/^Step \d of \d+: /);
    await lab.page.getByLabel("Speed").selectOption({ label: "20/s" });
    await lab.button(/Play/).click();
    await lab.page.getByTestId("verdict").waitFor();
  });

  it("goes on until something happens, each time to the next happening", async () => {
    await lab.open();
    const happened = lab.page.getByLabel("What happened in this step");
    const seen: string[] = [];
    while (!(await isDisabled("Until something happens"))) {
      /* oxlint-disable no-await-in-loop -- one after the other */
      await lab.button("Until something happens").click();
      seen.push(await happened.innerText());
      expect(seen.length).toBeLessThan(40);
      /* oxlint-enable no-await-in-loop */
    }
    expect(seen.length).toBeGreaterThan(2);
    for (const text of seen.slice(0, -1)) expect(text).not.toContain("Nothing else happened");
    expect(await lab.verdict()).toMatch(/[✓✗]/);
  });

  it("follows the hints from the start, and gets to the failure", async () => {
    await lab.open();
    for (let steps = 0; steps < 40; steps++) {
      /* oxlint-disable no-await-in-loop -- one step after the other */
      const text = await lab.hint(steps % 2 === 0 ? "button" : "key");
      const [, letter] = /\b([ab]) goes next\b/.exec(text) ?? [];
      if (letter === undefined) break;
      await lab.page.getByTestId(`step-${letter}`).click();
      expect(await lab.page.getByTestId("hint").innerText()).toBe("");
      /* oxlint-enable no-await-in-loop */
    }
    await lab.press("End");
    expect(await lab.verdict()).toContain("no order of the operations explains the answers");
    expect(await lab.hint("key")).toContain("it has failed");
  });
});
