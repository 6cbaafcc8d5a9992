import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type FailingRun,
  formatStory,
  parseScenario,
  tellStory,
  traceText,
} from "../../../src/hunt/index.ts";
import { film, formatLink, Reel, sceneSvg, storyPage, stripSvg } from "../../../src/lab/index.ts";
import { formatSchedule } from "../../../src/sim/index.ts";
import { failingRun } from "../../support/failing-run.ts";
import { HAS_NO_BROWSER, QuietPage, WHERE } from "../../support/quiet-page.ts";

const LAB = new URL("../../../dist/lab/web/index.html", import.meta.url).href;
const SCRIPT = /<script>[^]*<\/script>/;
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

describe.skipIf(HAS_NO_BROWSER)(`the page of a story in a browser${WHERE}`, () => {
  let quiet: QuietPage;
  let page: Page;
  beforeAll(async () => {
    quiet = await QuietPage.open({ viewport: { width: 1280, height: 800 } });
    page = quiet.page;
  });
  afterEach(() => quiet.mustBeQuiet());
  afterAll(async () => await quiet.close());

  async function open(run: FailingRun, hash = "", isBare = false): Promise<void> {
    const file = join(quiet.folder, "story.html");
    const html = storyPage(run.scenario, run.schedule);
    writeFileSync(file, isBare ? html.replace(SCRIPT, "") : html);
    await page.goto("about:blank");
    await page.goto(pathToFileURL(file).href + hash);
  }

  const shown = async (): Promise<string[]> =>
    await page.locator("article:visible").evaluateAll((all) => all.map(({ id }) => id));
  /** How many colours a picture has, as another page shows it. */
  const coloursOf = async (picture: string): Promise<number> => {
    const file = join(quiet.folder, "picture.html");
    const data = readFileSync(join(quiet.folder, picture)).toString("base64");
    const type = picture.endsWith(".svg") ? "image/svg+xml" : "image/png";
    writeFileSync(file, `<!doctype html><img src="data:${type};base64,${data}">`);
    const other = await quiet.context.newPage();
    await other.goto(pathToFileURL(file).href);
    const colours: number = await other.evaluate(`(async () => {
      const image = document.querySelector("img");
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = new OffscreenCanvas(width, height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      return new Set(new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer)).size;
    })()`);
    await other.close();
    return colours;
  };
  const where = async (): Promise<string> => await page.locator("#where").innerText();

  it("steps by keys, by buttons and by the bar", async () => {
    const run = failingRun("C1");
    await open(run);
    expect(await shown()).toEqual(["step-0"]);
    const last = (await page.locator("article").count()) - 1;
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await shown()).toEqual(["step-2"]);
    expect(await where()).toMatch(new RegExp(`^2 of ${last}: . latches `));
    expect(page.url()).toMatch(/#step-2$/);
    await page.keyboard.press("End");
    expect(await shown()).toEqual([`step-${last}`]);
    expect(await page.locator("#next").isDisabled()).toBe(true);
    await page.keyboard.press("Home");
    await page.keyboard.press(".");
    const [event = ""] = await shown();
    expect(await page.locator(`#${event}`).getAttribute("class")).not.toContain("plain");
    await page.locator("#back").click();
    await page.locator("#scrub").fill("1");
    expect(await shown()).toEqual(["step-1"]);
    await page.locator("#list a").nth(3).click();
    await expect.poll(shown).toEqual(["step-3"]);
    await page.keyboard.press("a");
    expect(await shown()).toHaveLength(last + 1);
    await open(run, "#step-2");
    expect(await shown()).toEqual(["step-2"]);
  });

  it.each([
    [1280, "light"],
    [390, "dark"],
  ] as const)("is right for screen readers and fits, %d pixels wide, %s", async (width, scheme) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
    await open(failingRun("W1"));
    await page.keyboard.press("End");
    await page.addScriptTag({ path: AXE });
    const { violations } = (await page.evaluate("axe.run()")) as {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly unknown[] }[];
    };
    expect(violations.map(({ id, nodes }) => ({ id, nodes }))).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  });

  it("prints each step at which something happens, and is whole without its script", async () => {
    await page.emulateMedia({ media: "print" });
    await open(failingRun("C1"));
    const all = await page.locator("article").count();
    expect(await shown()).toHaveLength(all);
    const tables = await page.locator("table:visible").count();
    expect(tables).toBe(await page.locator("article:not(.plain)").count());
    expect(tables).toBeGreaterThan(3);
    expect(await page.locator("#tools").isVisible()).toBe(false);
    await page.emulateMedia({ media: "screen" });
    await open(failingRun("C1"), "", true);
    expect(await shown()).toHaveLength(all);
    expect(await page.locator("#tools").isVisible()).toBe(false);
    await page.locator("article.plain summary").first().click();
    expect(await page.locator("table:visible").count()).toBe(tables + 1);
  });

  it("is saved from the lab, as are story, scenario and trace as text", async () => {
    const { scenario, schedule } = failingRun("C1");
    const run = { scenario, schedule, cursor: 3 };
    const link = formatLink({ run, level: null, beside: null, tab: "export", code: null });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${LAB}#${link}`);
    const saved = async (
      button: string,
      encoding: BufferEncoding = "utf8",
    ): Promise<readonly [name: string, text: string]> => {
      const coming = page.waitForEvent("download");
      await page.getByRole("button", { name: button, exact: true }).click();
      const download = await coming;
      return [download.suggestedFilename(), readFileSync(await download.path(), encoding)];
    };
    const [name, html] = await saved("Story as a page");
    expect(name).toBe("latchwork-crabbing-C1.html");
    // Its script is the same class, which the build has made shorter.
    expect(html.replace(SCRIPT, "")).toBe(storyPage(scenario, schedule).replace(SCRIPT, ""));
    const [, text] = await saved("Scenario with its schedule");
    expect(parseScenario(text)).toMatchObject({ scenario, schedule: formatSchedule(schedule) });
    const story = formatStory(tellStory(scenario, schedule), { widthMax: 100 });
    expect(await saved("Story as text")).toEqual(["latchwork-crabbing-C1-story.txt", story]);
    const [, trace] = await saved("Trace");
    expect(trace).toBe(traceText(scenario, schedule));
    const [drawing, svg] = await saved("This moment as SVG");
    expect(drawing).toBe("latchwork-crabbing-C1-step-3.svg");
    const reel = new Reel(film(scenario, { schedule, rule: "exact", goOn: null }), scenario);
    expect(svg).toBe(sceneSvg(reel.at(3)));
    await page.getByLabel("Steps of a strip").fill("0, 99");
    await page.getByText("there is no step 99").waitFor();
    expect(await page.getByRole("button", { name: "Strip as PNG" }).isDisabled()).toBe(true);
    await page.getByLabel("Steps of a strip").fill("0, 2-3");
    expect(await saved("Strip as SVG")).toEqual([
      "latchwork-crabbing-C1-strip.svg",
      stripSvg(reel, [0, 2, 3]).svg,
    ]);
    const [, png] = await saved("Strip as PNG", "latin1");
    expect(png.slice(1, 4)).toBe("PNG");
    const size = Buffer.from(png, "latin1");
    const strip = stripSvg(reel, [0, 2, 3]);
    expect([size.readUInt32BE(16), size.readUInt32BE(20)]).toEqual([
      2 * strip.width,
      2 * strip.height,
    ]);
    const pictures = [
      ["saved.svg", svg, "utf8"],
      ["saved.png", png, "latin1"],
    ] as const;
    for (const [picture, content, encoding] of pictures) {
      writeFileSync(join(quiet.folder, picture), content, encoding);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await coloursOf(picture)).toBeGreaterThan(8);
    }
    const file = join(quiet.folder, "saved.html");
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
    await page.keyboard.press("ArrowRight");
    expect(await shown()).toEqual(["step-1"]);
  });
});
