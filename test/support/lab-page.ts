import { createRequire } from "node:module";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { formatLink, type SharedState } from "../../src/lab/index.ts";
import type { Schedule } from "../../src/sim/index.ts";
import { QuietPage } from "./quiet-page.ts";

const LAB = new URL("../../dist/lab/web/index.html", import.meta.url).href;
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const NOTHING: SharedState = { run: null, level: null, beside: null, tab: null, code: null };

/** The page of the lab in a quiet browser, and what a visitor can do with it. */
export class LabPage {
  readonly quiet: QuietPage;
  readonly page: Page;

  private constructor(quiet: QuietPage) {
    this.quiet = quiet;
    this.page = quiet.page;
    this.page.setDefaultTimeout(15_000);
  }

  /** Starts a browser. */
  static async start(options: BrowserContextOptions = {}): Promise<LabPage> {
    const viewport = { width: 1280, height: 800 };
    return new LabPage(await QuietPage.open({ viewport, acceptDownloads: true, ...options }));
  }

  /** Opens the lab afresh: at a link, or at a fragment as somebody may have written it. */
  async open(link: Partial<SharedState> | string = ""): Promise<void> {
    const fragment = typeof link === "string" ? link : formatLink({ ...NOTHING, ...link });
    // A page at the same address but for its fragment would not be loaded again.
    await this.page.goto("about:blank");
    await this.page.goto(fragment === "" ? LAB : `${LAB}#${fragment}`);
    await this.tree.first().waitFor();
  }

  get tree(): Locator {
    return this.page.getByTestId("tree");
  }

  get slider(): Locator {
    return this.page.getByRole("slider");
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  /** What the line under the buttons says of the step that is shown. */
  async deed(): Promise<string> {
    return await this.page.getByTestId("deed").innerText();
  }

  async verdict(): Promise<string> {
    return await this.page.getByTestId("verdict").innerText();
  }

  /** Asks for a hint, by its button or its key, and waits for it. */
  async hint(by: "button" | "key"): Promise<string> {
    if (by === "button") await this.button(/^Hint/).click();
    else await this.press("h");
    const hint = this.page.getByTestId("hint");
    await hint.filter({ hasText: /\.$/, hasNotText: "Looking" }).waitFor();
    return await hint.innerText();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop -- one key after the other
      await this.page.keyboard.press(key);
    }
  }

  /** Takes the steps of a schedule by keys, and chooses among possibilities what was drawn. */
  async follow(schedule: Schedule): Promise<void> {
    for (const [at, decision] of schedule.entries()) {
      /* oxlint-disable no-await-in-loop -- one step after the other */
      if (decision >= 9) await this.page.getByTestId(`step-${letterOf(decision)}`).click();
      else if (decision >= 0) await this.page.keyboard.press(`${decision + 1}`);
      else await this.choosePossibility(at, ~decision);
      /* oxlint-enable no-await-in-loop */
    }
  }

  /** Decides what the last step left to chance, if there is a choice. */
  async choosePossibility(at: number, value: number): Promise<void> {
    const draw = this.page.locator(`select[data-testid="draw-${at}"]`);
    if ((await draw.count()) > 0) await draw.selectOption(`${value}`);
  }

  async openTab(name: string): Promise<void> {
    await this.page.getByRole("tab", { name, exact: true }).click();
  }

  /** The panel that is open. */
  get panel(): Locator {
    return this.page.getByRole("tabpanel");
  }

  /** What axe-core has to say against the page as it stands, one line for each element. */
  async axe(): Promise<string[]> {
    await this.page.addScriptTag({ path: AXE });
    return await this.page.evaluate(
      `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any }) => id + ": " + html.slice(0, 200) + " " + any.map((one) => one.message).join("; "))))`,
    );
  }

  /** How many pixels the page is wider than its window. */
  async overflow(): Promise<number> {
    return await this.page.evaluate(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
  }
}

function letterOf(task: number): string {
  return String.fromCodePoint(97 + task);
}
