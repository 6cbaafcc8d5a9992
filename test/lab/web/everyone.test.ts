import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { budget } from "../../campaign.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";
import { PINNED_RUNS, runOfLine } from "../search/pinned-runs.ts";

/** Windows and themes; contrast is a matter of the theme, and places are one of the width. */
const LOOKS = budget({
  short: [
    [1280, "light"],
    [390, "dark"],
  ] as const,
  campaign: [
    [1280, "light"],
    [1280, "dark"],
    [800, "light"],
    [800, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const,
});

/** Ends of runs that are looked at; a wide one has every part of the stage at once. */
const ENDS = budget({
  short: [["two partitions after a crash", "P2", null]] as const,
  campaign: [
    ["a deadlock beside another protocol", "C5", "b-link"],
    ["what a crash left", "W1", null],
    ["two partitions after a crash", "P2", null],
  ] as const,
});

/** What has the focus, its name, and whether it can be seen to have it. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { width, height } = element.getBoundingClientRect();
  return {
    name: element.tagName.toLowerCase() + " " +
      (element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText),
    isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 0 && height > 0,
  };
})()`;

interface Focused {
  readonly name: string;
  readonly isSeen: boolean;
}

describe.skipIf(HAS_NO_BROWSER)(`the lab is for everyone${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const runOf = (name: string): ReturnType<typeof runOfLine> =>
    runOfLine(PINNED_RUNS.find((pinned) => pinned.name.startsWith(name))?.line ?? "");
  const focused = async (): Promise<Focused | null> => await lab.page.evaluate(FOCUSED);

  describe.each(LOOKS)("%d pixels wide, %s", (width, colorScheme) => {
    beforeAll(async () => {
      await lab.page.setViewportSize({ width, height: 800 });
      await lab.page.emulateMedia({ colorScheme });
    });

    /** What is wrong with what is shown; nothing, if all is well. */
    const faults = async (what: string): Promise<string[]> => {
      const overflow = await lab.overflow();
      const found = await lab.axe();
      if (overflow > 0) found.push(`${overflow} pixels too wide`);
      return found.map((fault) => `${what}: ${fault}`);
    };

    it("has every panel clean for screen readers, and nothing to scroll to the side", async () => {
      await lab.open({ run: { ...runOf("C5"), cursor: 999 }, beside: "b-link" });
      const tabs = await lab.page.getByRole("tab").allInnerTexts();
      expect(tabs.length).toBeGreaterThan(2);
      for (const tab of tabs) {
        /* oxlint-disable no-await-in-loop -- one after the other */
        await lab.openTab(tab);
        expect(await faults(tab)).toEqual([]);
        /* oxlint-enable no-await-in-loop */
      }
    });

    it.each(ENDS)("has %s clean, too, and fit", async (_, bug, beside) => {
      const run = { ...runOf(bug), cursor: 999 };
      await lab.open({ run, beside, tab: "compare" });
      await lab.page.getByTestId("verdict").waitFor();
      expect(await faults(bug)).toEqual([]);
    });

    it("has a level, a fault in a text, and what was found clean, too", async () => {
      await lab.open({ level: "split-race", tab: "levels" });
      await lab.button("Show a hint").click();
      expect(await faults("a level")).toEqual([]);
      await lab.openTab("Edit");
      await lab.page.getByLabel("Scenario", { exact: true }).fill("task fetch 20");
      await lab.page.locator("summary", { hasText: "A protocol of your own" }).click();
      await lab.button("Show an example").click();
      expect(await faults("a fault")).toEqual([]);
      await lab.openTab("Find");
      await lab.button("Hunt").click();
      await lab.page.getByTestId("found").getByText("Found: ").waitFor();
      await lab.button("Write it down").click();
      await lab.page.getByTestId("texts").waitFor();
      expect(await faults("what was found")).toEqual([]);
    });

    it("has help clean, too, and would be told of what is not", async () => {
      await lab.open();
      await lab.press("?");
      expect(await faults("help")).toEqual([]);
      await lab.page.evaluate(
        `document.querySelector("dialog button").innerHTML = "<div style='width:2000px'></div>"`,
      );
      expect((await faults("help")).join()).toContain("button-name");
    });
  });

  it("is used with the keyboard alone: everything is reached, in order, and seen", async () => {
    await lab.page.setViewportSize({ width: 1280, height: 800 });
    await lab.open({ run: { ...runOf("C1"), cursor: 1 } });
    const seen: string[] = [];
    for (;;) {
      /* oxlint-disable no-await-in-loop -- one key after the other */
      await lab.press("Tab");
      const now = await focused();
      if (now === null) break;
      expect([now.name, now.isSeen]).toEqual([now.name, true]);
      seen.push(now.name);
      // A trap would go on for ever.
      expect(seen.length).toBeLessThan(80);
      /* oxlint-enable no-await-in-loop */
    }
    const names = (pattern: RegExp): number => seen.findIndex((name) => pattern.test(name));
    const order = [
      /Theme/,
      /Help/,
      /Step a/,
      /Step b/,
      /Play/,
      /Who goes next/,
      /Start over/,
      /Step of the run/,
    ];
    const places = order.map((pattern) => names(pattern));
    expect(places).not.toContain(-1);
    expect(places.toSorted((one, other) => one - other)).toEqual(places);
    const controls = await lab.page
      .locator(
        "button:visible:enabled, select:visible:enabled, input:visible:enabled, textarea:visible",
      )
      .evaluateAll((all) => all.filter((one) => one.getAttribute("tabindex") !== "-1").length);
    expect(seen.filter((name) => /^(?:button|select|input|textarea) /.test(name))).toHaveLength(
      controls,
    );
    // And back again.
    for (let i = 0; i < 3; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one key after the other
      await lab.press("Shift+Tab");
    }
    expect((await focused())?.name).toBe(seen.at(-3));
  });

  it("is used with the keyboard alone: steps, panels, a comparison, help", async () => {
    await lab.open({ tab: "compare" });
    const tabTo = async (pattern: RegExp): Promise<void> => {
      for (let i = 0; i < 60; i++) {
        /* oxlint-disable no-await-in-loop -- one key after the other */
        await lab.press("Tab");
        if (pattern.test((await focused())?.name ?? "")) return;
        /* oxlint-enable no-await-in-loop */
      }
      throw new Error(`nothing is called ${pattern}`);
    };
    await tabTo(/^button Step b/);
    await lab.press("Enter", " ");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
    await tabTo(/^button .*Undo/);
    await lab.press("Enter");
    expect(await lab.deed()).toMatch(/^Step 1 of 1 so far: b /);
    await tabTo(/^input Step of the run/);
    await lab.press("Home");
    expect(await lab.deed()).toMatch(/^Step 0 of 1 so far/);
    const tabs = await lab.page.getByRole("tab").allInnerTexts();
    const selected = async (): Promise<string> =>
      await lab.page.getByRole("tab", { selected: true }).innerText();
    await tabTo(/^button Compare/);
    for (const tab of [...tabs, ...tabs].slice(tabs.indexOf("Compare") + 1).slice(0, tabs.length)) {
      /* oxlint-disable no-await-in-loop -- one key after the other */
      await lab.press("ArrowRight");
      expect(await selected()).toBe(tab);
      /* oxlint-enable no-await-in-loop */
    }
    expect(await lab.deed()).toMatch(/^Step 0 of 1 so far/);
    await tabTo(/^select Beside/);
    await lab.press("b");
    await expect.poll(async () => await lab.tree.count()).toBe(2);
    await lab.press("Shift+Tab");
    await lab.press("?");
    const help = lab.page.getByRole("dialog");
    expect(await help.innerText()).toContain("until something happens");
    await lab.press("1", "Escape");
    expect(await help.isVisible()).toBe(false);
    expect(await lab.deed()).toMatch(/^Step 0 of 1 so far/);
    expect(await focused()).not.toBeNull();
  });

  it("moves nothing for who wants less motion", async () => {
    await lab.open();
    const durations = async (): Promise<readonly string[]> =>
      await lab.page.evaluate(
        `[...new Set([...document.querySelectorAll("*")].map(
          (one) => getComputedStyle(one).transitionDuration + getComputedStyle(one).animationName))]`,
      );
    expect(await durations()).toContain("0.38s, 0.38snone");
    await lab.page.emulateMedia({ reducedMotion: "reduce" });
    expect(await durations()).toEqual(["0snone"]);
    await lab.page.emulateMedia({ reducedMotion: "no-preference" });
  });

  it("goes from the system's theme to light and to dark", async () => {
    await lab.page.emulateMedia({ colorScheme: "light" });
    await lab.open();
    const paper = async (): Promise<string> =>
      await lab.page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await paper();
    const button = lab.button(/Theme/);
    await button.click();
    expect([await button.innerText(), await paper()]).toEqual(["Theme: light", light]);
    await button.click();
    expect(await button.innerText()).toBe("Theme: dark");
    expect(await paper()).not.toBe(light);
    await button.click();
    expect([await button.innerText(), await paper()]).toEqual(["Theme: as the system", light]);
  });
});
