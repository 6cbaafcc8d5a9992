import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  checkHistory,
  type History,
  kvMap,
  type Model,
  pictureHtml,
  type PictureOptions,
  register,
} from "../../src/linearizability/index.ts";
import { drawn } from "../support/drawn-history.ts";
import { busyHistory, timed } from "../support/picture-histories.ts";
import { HAS_NO_BROWSER, QuietPage, WHERE } from "../support/quiet-page.ts";

describe.skipIf(HAS_NO_BROWSER)(`a picture in a browser${WHERE}`, () => {
  let browser: QuietPage;
  let page: Page;

  beforeAll(async () => {
    browser = await QuietPage.open({ viewport: { width: 1280, height: 760 } });
    page = browser.page;
  });

  afterEach(() => browser.mustBeQuiet());

  afterAll(async () => {
    await browser.close();
  });

  async function open(history: History, model: Model, options?: PictureOptions): Promise<void> {
    const html = pictureHtml(history, model, checkHistory(history, model), options);
    const file = join(browser.folder, "picture.html");
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
  }

  const textOf = async (id: string): Promise<string> => await page.locator(`#${id}`).innerText();
  const pressed = async (id: string): Promise<string | null> =>
    await page.locator(`#${id}`).getAttribute("aria-pressed");
  /** Waits until an element says something. */
  const says = async (id: string, text: string | RegExp): Promise<void> =>
    await page.locator(`#${id}`, { hasText: text }).waitFor({ timeout: 5000 });
  /** How many colours there are on the picture. */
  const coloursOf = async (id: string): Promise<number> =>
    await page.evaluate(
      `(() => {
        const canvas = document.getElementById("${id}");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4) seen.add(data[i] * 65536 + data[i + 1] * 256 + data[i + 2]);
        return seen.size;
      })()`,
    );

  it("tells a good history by key, by click and in text", async () => {
    const history = timed(
      drawn(
        "a put:x 1\nb get:x\nb -> 1\na ->\nc put:y 2\nc info\nd delete:y\nd fail\ncrash\nb get:x",
      ),
    );
    await open(history, kvMap(), { title: "Five operations" });
    expect(await page.title()).toBe("Five operations: linearizable");
    expect(await textOf("verdict")).toBe("✓ linearizable");
    await says("status", "5 in view");
    expect(await coloursOf("picture")).toBeGreaterThan(8);
    await page.keyboard.press("ArrowRight");
    expect(await textOf("details")).toContain("put x 1");
    await page.keyboard.press(".");
    expect(await textOf("details")).toMatch(/get x → 1[\s\S]*state of x before\s+1/);
    await page.locator("#view-list button", { hasText: "put y 2" }).click();
    expect(await textOf("details")).toContain("outcome not known from");
    await page.keyboard.press("o");
    expect(await pressed("by-time")).toBe("true");
    await page.keyboard.press("?");
    expect(await textOf("help")).toContain("go to the error");
    await page.keyboard.press("Escape");
    expect(await page.locator("#help").isVisible()).toBe(false);
  });

  it("shows where a bad one ends, its core and the sentences", async () => {
    const history = drawn(
      "a write 1\na ->\nb read\na write 2\nb -> 1\na ->\nb read\nc read\nb -> 1\nc -> 2",
    );
    const facts = [{ kind: "no-order", operations: [0, 2, 3] }] as const;
    const named = [0, 2, 3].map((id) => ({ id, name: `N${id}` }));
    await open(history, register(), { explanation: { core: [0, 2, 3], facts, named } });
    expect(await textOf("verdict")).toBe("✗ not linearizable");
    expect(await textOf("why")).toContain("No order of N0, N2 and N3 gives");
    expect(await textOf("end")).toContain("allows 2 there, not 1");
    expect(await textOf("details")).toContain("no order explains this answer");
    expect(await page.locator("#core-list button").allInnerTexts()).toEqual([
      "N0: write 1 · client a",
      "N2: write 2 · client a",
      "N3: read → 1 · client b",
    ]);
    await page.locator("#core-list button").first().click();
    expect(await textOf("details")).toContain("one of those that cannot all be explained");
    await page.locator("#core-only").click();
    await says("status", "3 shown, 5 operations");
    expect(await pressed("core-only")).toBe("true");
    await page.locator("#jump").click();
    expect(await textOf("details")).toContain("read → 1");
  });

  it("shows the core alone as large as it fits, and what was in view before afterwards", async () => {
    const history = busyHistory(2000, 8);
    const core = [1000, 1003];
    await open(history, kvMap(), { explanation: { core, facts: [] } });
    await page.locator("#fit").click();
    await says("status", "2000 in view");
    /** How many columns of the picture have the colour that frames the core. */
    const columns = async (): Promise<number> =>
      await page.evaluate(
        `(() => {
          const style = getComputedStyle(document.documentElement);
          const hex = style.getPropertyValue("--core-edge").trim();
          const wanted = Number.parseInt(hex.slice(1), 16);
          const canvas = document.getElementById("picture");
          // A copy: the browser warns of reading the picture itself again and again.
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
          copy.drawImage(canvas, 0, 0);
          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4) {
            const found = data[i] * 65536 + data[i + 1] * 256 + data[i + 2];
            if (found === wanted) seen.add((i / 4) % canvas.width);
          }
          return seen.size;
        })()`,
      );
    const before = await columns();
    await page.locator("#core-only").click();
    await says("status", "2 shown, 2000 operations");
    await expect.poll(columns).toBeGreaterThan(100);
    expect(before).toBeLessThan(20);
    await page.locator("#scroller").focus();
    await page.keyboard.press("c");
    await says("status", "2000 in view");
    await expect.poll(columns).toBe(before);
  });

  it("lets no value of a history do anything", async () => {
    const values = [
      "</script><script>alert(1)</script>",
      "<img src=x onerror=alert(2)>",
      "\u202egnp.exe",
      "<!--",
    ];
    const lines = values.flatMap((value, i) => [
      `c${i}<b>\u202e put:${value.replaceAll(" ", "/").replaceAll(":", "")} ${JSON.stringify(value)}`,
      `c${i}<b>\u202e ->`,
    ]);
    await open(drawn(lines.join("\n")), kvMap(), { title: "<script>alert(3)</script>" });
    expect(await page.title()).toContain("<script>alert(3)</script>");
    await says("status", "4 in view");
    const list = await page.locator("#view-list button").allInnerTexts();
    expect(list[0]).toContain('"</script><script>alert(1)</script>"');
    expect(list[2]).toContain('"\\u202egnp.exe"');
    await page.locator("#view-list button").first().click();
    expect(await textOf("details")).toContain("c0<b>\\u202e");
    await page.locator("#search").fill("<img");
    expect(await textOf("found")).toBe("1 of 4");
    expect(await page.locator("img, body b").count()).toBe(0);
  });

  it("is of use with 20,000 operations", async () => {
    await open(busyHistory(20_000, 30), kvMap());
    await says("status", "20000 operations, 30 rows");
    await page.locator("#search").fill("put k3 1999");
    await page.keyboard.press("Enter");
    expect(await textOf("details")).toContain("put k3 1999");
    await page.locator("#search").fill("");
    await page.locator("#keys").fill("k3");
    await says("status", "shown, 20000 operations");
    await page.locator("#clients").fill("7, 8");
    await says("status", "2 rows");
    await page.locator("#clients").fill("");
    await page.locator("#keys").fill("");
    await page.locator("#fit").click();
    await says("status", "more than 2000 in view");
    await page.locator("#scroller").focus();
    for (const key of ["+", "+", "+", "+", "+", "+", "+", "+", "+", "+"]) {
      await page.keyboard.press(key);
    }
    const inView = async (): Promise<number> => Number.parseInt(await textOf("status"), 10);
    await says("status", /^\d+ in view/);
    const before = await inView();
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, -600);
    await expect.poll(inView).toBeLessThan(before);
    const first = page.locator("#view-list button").first();
    const firstBefore = await first.innerText();
    await page.mouse.down();
    await page.mouse.move(300, 420, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => await first.innerText()).not.toBe(firstBefore);
    await page.mouse.click(700, 300);
    await says("details", "invoked");
    await page.keyboard.press("z");
    await page.keyboard.press("o");
    expect(await pressed("by-time")).toBe("true");
    await page.keyboard.press("0");
    await says("status", "more than 2000 in view");
    expect(await coloursOf("overview")).toBeGreaterThan(3);
  });
});
