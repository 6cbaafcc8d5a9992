import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE_PROTOCOL, EXAMPLE_SCENARIO } from "../../../src/lab/index.ts";
import { IS_CAMPAIGN } from "../../campaign.ts";
import { HAS_NO_BROWSER, QuietPage, WHERE } from "../../support/quiet-page.ts";
import { PINNED_RUNS } from "./pinned-runs.ts";

const LAB = pathToFileURL(
  fileURLToPath(new URL("../../../dist/lab/web/index.html", import.meta.url)),
).href;

/** What the page is reached by; see src/lab/web/test-door.ts. */
interface Door {
  readonly version: string;
  readonly traceHash: (line: string) => string;
  readonly workers: {
    useOwn(code: string): Promise<{ readonly kind: string; readonly message?: string }>;
  };
}

// oxlint-disable-next-line vitest/valid-title -- it says why it is skipped
describe.skipIf(HAS_NO_BROWSER)(`find, edit and the own protocol${WHERE}`, () => {
  let quiet: QuietPage;
  let page: Page;
  beforeAll(async () => {
    quiet = await QuietPage.open({ viewport: { width: 1280, height: 900 } });
    ({ page } = quiet);
  });
  afterAll(async () => await quiet.close());

  async function opened(tab: "Find" | "Edit", link = ""): Promise<void> {
    await page.goto("about:blank");
    await page.goto(LAB + link);
    await page.getByRole("tab", { name: tab }).click();
  }

  /** Presses a button of the search, and gives what came of it. */
  async function found(button: "Hunt" | "Prove"): Promise<string> {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByTestId("found").getByRole("heading").waitFor();
    return await page.getByTestId("found").innerText();
  }

  async function faultOf(code: string): Promise<string> {
    return await page.evaluate(async (text) => {
      const { workers } = Reflect.get(globalThis, "latchworkLab") as Door;
      return (await workers.useOwn(text)).message ?? "";
    }, code);
  }

  async function axeFaults(): Promise<string[]> {
    await page.evaluate(axe.source);
    return await page.evaluate(async () => {
      const checker = Reflect.get(globalThis, "axe") as typeof axe;
      const { violations } = await checker.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`);
    });
  }

  it("runs ten pinned runs to the same traces as Node", async () => {
    await opened("Find");
    const lines = PINNED_RUNS.map(({ line }) => line);
    const hashes = await page.evaluate((all) => {
      const { traceHash } = Reflect.get(globalThis, "latchworkLab") as Door;
      return all.map((line) => traceHash(line));
    }, lines);
    expect(hashes).toEqual(PINNED_RUNS.map(({ hash }) => hash));
    quiet.mustBeQuiet();
  });

  it("finds a failing run, opens it, and writes it down", async () => {
    await opened("Find");
    expect(await found("Hunt")).toMatch(/✗ Found: not linearizable: .* 1 preemption/s);
    await page.getByRole("button", { name: "Write it down" }).click();
    const story = await page.getByTestId("texts").locator("pre").first().innerText();
    expect(story).toContain("latchwork replay 'LW1:protocol crabbing;bug C1;");
    expect(await page.getByTestId("deed").innerText()).toMatch(/^Step 0 of \d+: nothing/);
    await page.getByRole("button", { name: "Until something happens" }).click();
    await page.keyboard.press("End");
    expect(await page.getByTestId("deed").innerText()).toMatch(/It fails\.$/);
    expect(await axeFaults()).toEqual([]);
    quiet.mustBeQuiet();
  });

  it("shows how far a hunt is, and stops it with what it has", async () => {
    await opened("Edit");
    await page.getByLabel("Bug").selectOption("");
    await page.getByRole("button", { name: "Show it in the lab" }).click();
    await page.getByRole("tab", { name: "Find" }).click();
    await page.getByLabel("At most").first().selectOption("1000000");
    await page.getByRole("button", { name: "Hunt", exact: true }).click();
    await page.getByText(/ a second, about \d+ s left/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText(/Stopped: nothing was found in the [\d,]+ schedules/).waitFor();
    expect(await found("Prove")).toMatch(/✓ Proved: every interleaving of this scenario was run/);
    quiet.mustBeQuiet();
  });

  it("marks the line of a fault while one types, and shows what has none", async () => {
    await opened("Edit");
    const text = page.getByLabel("Scenario", { exact: true });
    await text.fill("protocol crabbing\ncapacity 2\ntree [10,20][30]\ntask fetch 20\n");
    expect(await page.getByTestId("scenario-text-fault").innerText()).toMatch(
      /^✗ Line 4: unknown operation "fetch 20"; expected get 20/,
    );
    expect(await page.locator(".faulty").innerText()).toBe("✗ 4");
    expect(await text.getAttribute("aria-invalid")).toBe("true");
    expect(await page.getByRole("button", { name: "Show it in the lab" }).isDisabled()).toBe(true);
    expect(await axeFaults()).toEqual([]);
    await text.fill("protocol olc\ncapacity 2\ntree [10,20][30]\ntask get 20\n");
    await text.press("Control+Enter");
    expect(await page.getByTestId("subject").innerText()).toContain("olc");
    await page.getByLabel("Begin from").selectOption({ index: 9 });
    await page.getByRole("button", { name: "Show it in the lab" }).click();
    expect(await page.getByTestId("subject").innerText()).toContain("bug C5");
    quiet.mustBeQuiet();
  });

  it("runs a protocol of one's own, and one in a link only when told to", async () => {
    await opened("Edit");
    await page.getByText("A protocol of your own").click();
    await page.getByLabel("JavaScript").fill(EXAMPLE_PROTOCOL);
    await page.getByRole("button", { name: "Use this protocol" }).click();
    await page.getByText("✓ mine").waitFor();
    await page.getByLabel("Scenario", { exact: true }).fill(EXAMPLE_SCENARIO);
    await page.getByRole("button", { name: "Show it in the lab" }).click();
    await page.getByRole("tab", { name: "Find" }).click();
    expect(await found("Hunt")).toMatch(/✗ Found: freed-page/);
    // The frame films it meanwhile; until then the run before is shown, and has another end.
    await page.getByText(/Step \d of 9/).waitFor();
    await page.keyboard.press("End");
    await page.getByText(/Step 9 of 9/).waitFor();
    await page.waitForURL(/at=9/);
    const link = new URL(page.url()).hash;

    await opened("Edit", link);
    expect(await page.getByRole("alert").innerText()).toContain("brings a protocol of its own");
    expect(await page.locator("iframe").count()).toBe(0);
    await page.getByRole("button", { name: "Use this protocol" }).click();
    await page.getByText(/Step 9 of 9/).waitFor();
    expect(await page.locator("iframe").getAttribute("sandbox")).toBe("allow-scripts");
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByLabel(/^Beside/).selectOption("crabbing");
    await page.getByText(/The first difference is at step \d/).waitFor();
    quiet.mustBeQuiet();
  });

  it("says in a line what is wrong with such a protocol, and on which line", async () => {
    await opened("Edit");
    expect(await faultOf(EXAMPLE_PROTOCOL.replace("(op, leaf)", "(op leaf)"))).toMatch(
      /^SyntaxError: [^\n]+$/,
    );
    expect(await faultOf("export const nothing = 1;")).toMatch(/^exports nothing; expected a/);
    await page.getByLabel("JavaScript").fill('import "fs";\n');
    await page.getByRole("button", { name: "Use this protocol" }).click();
    await page.getByText('✗ Line 1: only "latchwork" can be imported').waitFor();
    quiet.mustBeQuiet();
  });

  it("keeps it from storage, the page and the network", async () => {
    await opened("Edit");
    const fault = await faultOf(`
      const tried = async (name, work) => {
        try { await work(); return name + " worked"; } catch (error) { return name + " " + error.name; }
      };
      throw new Error([
        await tried("fetch", () => fetch("http://127.0.0.1:9/")),
        await tried("indexedDB", () => indexedDB.open("x")),
        await tried("document", () => document.title),
        await tried("importScripts", () => importScripts("http://127.0.0.1:9/")),
        self.origin,
      ].join(", "));`);
    expect(fault).toBe(
      "Error: fetch TypeError, indexedDB SecurityError, document ReferenceError, " +
        "importScripts NetworkError, null",
    );
    quiet.mustBeQuiet();
  });

  it.runIf(IS_CAMPAIGN)("ends one that never comes back", { timeout: 30_000 }, async () => {
    await opened("Edit");
    expect(await faultOf(`${EXAMPLE_PROTOCOL}\nfor (;;);`)).toMatch(/^Your protocol was ended/);
    quiet.mustBeQuiet();
  });
});
