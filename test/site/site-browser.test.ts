import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LabServer } from "../../src/cli/lab/lab-server.ts";
import { siteOf } from "../../src/cli/lab/site.ts";
import { IS_CAMPAIGN } from "../campaign.ts";
import { HAS_NO_BROWSER, QuietPage, WHERE } from "../support/quiet-page.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a script of the package that builds the site. */
function npm(...words: readonly string[]): void {
  execFileSync("npm", [...words, "--silent", "--prefix", "site"], { cwd: root, stdio: "pipe" });
}

// To install and build it takes longer than all other tests of the docs together.
describe.skipIf(HAS_NO_BROWSER || !IS_CAMPAIGN)(`the docs site in a browser${WHERE}`, () => {
  let server: LabServer;
  let quiet: QuietPage;
  let page: Page;
  let address = "";

  beforeAll(async () => {
    npm("ci");
    npm("run", "build");
    server = new LabServer(siteOf(fileURLToPath(new URL("../../dist", import.meta.url))));
    address = await server.start(0);
    quiet = await QuietPage.open({ viewport: { width: 1280, height: 900 } });
    quiet.admit(`${address}/`);
    page = quiet.page;
  }, 300_000);
  afterEach(() => quiet.mustBeQuiet());
  afterAll(async () => {
    await quiet?.close();
    await server?.stop();
  });

  it("finds words in all pages, off line", async () => {
    await page.goto(`${address}/`);
    await page.getByRole("button", { name: "Search", exact: false }).click();
    await page.getByRole("searchbox").fill("half dead");
    const found = page.getByRole("option", { name: /b-link/i }).first();
    await found.waitFor();
    await page.getByRole("searchbox").fill("zzzz");
    await found.waitFor({ state: "detached" });
    await page.getByText('No results for "zzzz"').waitFor();
    expect(await page.getByRole("option").count()).toBe(0);
  });

  it("shows moments of the lab in frames, and opens them", async () => {
    await page.goto(`${address}/book/01-why-latches.html`);
    const frames = page.locator("iframe");
    expect(await frames.count()).toBe(2);
    await frames.first().scrollIntoViewIfNeeded();
    const lab = page.frameLocator("iframe").first();
    await lab
      .getByText(/^Step 6 of 7: b latches X on page 3/)
      .first()
      .waitFor();
    // One below the other, each as wide as the frame.
    for (const part of [".stage", ".time"]) {
      const box = await lab.locator(part).boundingBox();
      expect(box?.width).toBeGreaterThan(((await frames.first().boundingBox())?.width ?? 0) - 5);
    }
    expect(await frames.first().getAttribute("title")).toMatch(/^The lab: Key 30 has moved/);
    const [opened] = await Promise.all([
      page.context().waitForEvent("page"),
      page.getByRole("link", { name: "Open in the lab" }).first().click(),
    ]);
    await opened
      .getByText(/^Step 6 of 7: b latches X on page 3/)
      .first()
      .waitFor();
    await opened.close();
  });

  it.each(["/", "/book/02-latch-coupling.html"])("has nothing for axe-core on %s", async (path) => {
    await page.goto(address + path);
    await page.waitForLoadState("networkidle");
    await page.addScriptTag({ path: AXE });
    const { violations } = (await page.evaluate("axe.run({ exclude: 'iframe' })")) as {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly unknown[] }[];
    };
    expect(violations.map(({ id, nodes }) => ({ id, nodes }))).toEqual([]);
  });
});
