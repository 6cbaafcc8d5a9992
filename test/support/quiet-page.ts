import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** In the project's own checks the browser is installed; somebody's laptop may have none. */
export const HAS_NO_BROWSER: boolean = !existsSync(CHROMIUM) && process.env["CI"] !== "true";
/** For the title of what is skipped then. */
export const WHERE: string = HAS_NO_BROWSER ? ` (skipped: there is no ${CHROMIUM})` : "";

/** A page that is to run without a word on its console, and to ask the network for nothing. */
export class QuietPage {
  /** A folder of its own, for files that the page is to open. */
  readonly folder: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly #heard: string[] = [];
  #own: string | null = null;

  private constructor(folder: string, context: BrowserContext, page: Page) {
    this.folder = folder;
    this.context = context;
    this.page = page;
    page.on("console", (message) => this.#heard.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.#heard.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      this.#heard.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = request.url();
      if (this.#own !== null && url.startsWith(this.#own)) return;
      if (!/^(?:file|data|blob|about):/.test(url)) this.#heard.push(`request: ${url}`);
    });
  }

  /** Starts a browser with one page. */
  static async open(options: BrowserContextOptions = {}): Promise<QuietPage> {
    const folder = mkdtempSync(join(tmpdir(), "latchwork-page-"));
    const context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath: CHROMIUM,
      args: FLAGS,
      ...options,
    });
    return new QuietPage(folder, context, context.pages()[0] ?? (await context.newPage()));
  }

  /** From now on the page may ask this server, as `http://127.0.0.1:7341/`. */
  admit(server: string): void {
    this.#own = server;
  }

  /** What the page has said or asked for since the last look, where that is looked at here. */
  heard(): string[] {
    return this.#heard.splice(0);
  }

  /** @throws Error if the page has said or asked for anything since the last look. */
  mustBeQuiet(): void {
    const faults = this.heard();
    if (faults.length > 0) throw new Error(`the page was not quiet:\n${faults.join("\n")}`);
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
