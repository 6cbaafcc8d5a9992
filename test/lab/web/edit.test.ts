import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE_PROTOCOL, EXAMPLE_SCENARIO } from "../../../src/lab/index.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";

/** The body of a protocol's module. */
function ownProtocol(body: string, before = ""): string {
  return `import { Crabbing } from "latchwork";\n${before}\nexport class Mine extends Crabbing {\n  name = "mine";\n${body}\n}\n`;
}

/** Code that reaches for everything that it should not get, and throws what came of it. */
function triesOf(host: string): string {
  return `
const got = [];
const attempt = async (name, get) => {
  try { got.push(name + "=" + String(await get())); } catch (error) { got.push(name + "!" + error.name); }
};
const settled = (target) => new Promise((done, fail) => {
  target.onopen = target.onsuccess = () => done("open");
  target.onerror = () => fail(new Error("refused"));
});
await attempt("fetch", () => fetch("http://${host}/").then(({ status }) => status));
await attempt("xhr", () => {
  const request = new XMLHttpRequest();
  request.open("GET", "http://${host}/", false);
  request.send();
});
await attempt("socket", () => settled(new WebSocket("ws://${host}/")));
await attempt("storage", () => localStorage.getItem("secret"));
await attempt("database", () => settled(indexedDB.open("x")));
await attempt("caches", () => caches.open("x"));
await attempt("page", () => document.title);
await attempt("parent", () => parent.document.title);
await attempt("module", () => (0, eval)("imp" + "ort('http://${host}/x.js')"));
await attempt("importScripts", () => importScripts("http://${host}/x.js"));
throw new Error(got.join(" "));`;
}

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab edits${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const fault = async (id: string): Promise<string> =>
    await lab.page.getByTestId(`${id}-fault`).innerText();
  const subject = async (): Promise<string> => await lab.page.getByTestId("subject").innerText();
  const type = async (text: string): Promise<void> =>
    await lab.page.getByLabel("Scenario", { exact: true }).fill(text);
  /** Writes a protocol, and has it run. */
  const use = async (code: string): Promise<void> => {
    if (!(await lab.page.getByLabel("JavaScript").isVisible())) {
      await lab.page.locator("summary", { hasText: "A protocol of your own" }).click();
    }
    await lab.page.getByLabel("JavaScript").fill(code);
    await lab.button("Use this protocol").click();
  };
  const isReady = async (): Promise<void> =>
    await lab.page.getByTestId("own-state").filter({ hasText: "✓ mine" }).waitFor();

  it("types an error: it is told at its line, and what is shown stays", async () => {
    await lab.open({ tab: "edit" });
    await lab.press("1", "2");
    await type("protocol crabbing\ncapacity 3\ntree [10,20]\ntask fetch 10\n");
    expect(await fault("scenario-text")).toMatch(/^✗ Line 4: \S/);
    expect(await lab.panel.locator("li.faulty").innerText()).toBe("✗ 4");
    expect(await lab.button("Show it in the lab").isDisabled()).toBe(true);
    await type("protocol crawling\ntree [10]\ntask get 10\n");
    expect(await fault("scenario-text")).toMatch(/^✗ Line 1: .*crawling/);
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
    await lab.openTab("Share");
    await lab.openTab("Edit");
    await type("protocol b-link\ncapacity 2\ntree [10,20]\ntask get 10\ntask insert 15\n");
    expect(await fault("scenario-text")).toBe("");
    await lab.press("Control+Enter");
    expect(await subject()).toMatch(/^b-link,/);
    expect(await lab.deed()).toMatch(/^Step 0 of 0/);
    await lab.page.locator("h1").click();
    await lab.press("u");
    expect(await subject()).toContain("C1");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
  });

  it("chooses a protocol, a bug, and a ready scenario from lists", async () => {
    await lab.open({ tab: "edit" });
    await lab.page.getByRole("combobox", { name: /^Protocol/ }).selectOption("b-link");
    await lab.page.getByRole("combobox", { name: /^Bug/ }).selectOption("B3");
    await lab.button("Use the smallest scenario of B3").click();
    await lab.button("Show it in the lab").click();
    expect(await subject()).toContain("b-link with bug B3");
    const ready = lab.page.getByRole("combobox", { name: /^Begin from/ });
    const names = await ready
      .locator("option")
      .evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names.filter((one) => one !== "")) {
      /* oxlint-disable no-await-in-loop -- one after the other */
      await ready.selectOption(name);
      expect([name, await fault("scenario-text")]).toEqual([name, ""]);
      /* oxlint-enable no-await-in-loop */
    }
    await lab.button("Discard changes").click();
    expect(await lab.page.getByLabel("Scenario", { exact: true }).inputValue()).toContain("bug B3");
  });

  it("pastes a protocol of their own, steps under it, and finds what is wrong with it", async () => {
    await lab.open({ tab: "edit" });
    await lab.page.locator("summary", { hasText: "A protocol of your own" }).click();
    await lab.button("Show an example").click();
    expect(await lab.page.getByLabel("JavaScript").inputValue()).toBe(EXAMPLE_PROTOCOL);
    await lab.button("Use this protocol").click();
    await isReady();
    await type(EXAMPLE_SCENARIO);
    await lab.button("Show it in the lab").click();
    await expect.poll(subject).toMatch(/^mine,/);
    await lab.page.locator("h1").click();
    await lab.press("1");
    await expect.poll(() => lab.deed()).toMatch(/^Step 1 of 1 so far: a latches S/);
    // Each is filmed in the frame, and the next one waits for it.
    await lab.page.evaluate("for (let n = 0; n < 3; n++) latchworkLab.lab.step(0)");
    await expect.poll(() => lab.deed()).toMatch(/^Step 4 of 4 so far: a /);
    await lab.press("u", "u", "y", "r", "n");
    await expect.poll(() => lab.deed()).toMatch(/^Step [1-9]\d* of (?!4 )/);
    await lab.openTab("Find");
    await lab.button("Hunt").click();
    await lab.page.getByTestId("found").filter({ hasText: "Found: freed-page" }).waitFor();
    // The frame films it meanwhile; until then the run before is shown, and has another end.
    await expect.poll(() => lab.deed()).toMatch(/^Step 0 of [2-9]/);
    await lab.press("End");
    await expect.poll(async () => await lab.page.getByTestId("verdict").count()).toBe(1);
    // A link brings the code, which is read before it is run.
    await lab.openTab("Share");
    const address = await lab.page.getByLabel("Link", { exact: true }).inputValue();
    await lab.page.goto("about:blank");
    await lab.page.goto(address);
    expect(await lab.page.getByRole("alert").innerText()).toContain("a protocol of its own");
    expect(await lab.page.locator("iframe").count()).toBe(0);
    await lab.button("Use this protocol").click();
    await expect.poll(subject).toMatch(/^mine,/);
    expect(await lab.page.locator("iframe").getAttribute("sandbox")).toBe("allow-scripts");
    expect(await lab.verdict()).toMatch(/^✗/);
    await lab.openTab("Compare");
    await lab.page.getByRole("combobox", { name: /^Beside/ }).selectOption("crabbing");
    await lab.page.getByText(/The first difference is at step \d/).waitFor();
  });

  it("leaves a protocol of their own: what it ran is not to be had, and nothing else is lost", async () => {
    await lab.open({ tab: "edit" });
    await lab.press("1", "2");
    await use(ownProtocol(""));
    await expect.poll(subject).toMatch(/^mine,/);
    await use(ownProtocol("", "nonsense();"));
    await expect.poll(() => fault("own-code")).toMatch(/nonsense/);
    expect(await lab.page.getByTestId("origin").innerText()).toContain("not used any more");
    await lab.button("Leave it").click();
    await expect.poll(subject).toMatch(/^mine,/);
    await type("protocol crabbing\ntree [10,20]\ntask get 10\n");
    await lab.button("Show it in the lab").click();
    await expect.poll(subject).toMatch(/^crabbing/);
    await lab.page.locator("h1").click();
    await lab.press("u");
    expect(await lab.page.getByRole("alert").innerText()).toContain("mine");
    expect(await subject()).toMatch(/^crabbing/);
    expect(await lab.button(/Undo/).first().isDisabled()).toBe(false);
    await use(ownProtocol(""));
    await expect.poll(subject).toMatch(/^mine,/);
  });

  it("is told of the line that is wrong with their protocol", async () => {
    await lab.open({ tab: "edit" });
    await use(
      'import { Crabbing } from "latchwork";\n\nexport class Mine extends Crabbing {\n  name = ;\n}\n',
    );
    await expect.poll(() => fault("own-code")).toMatch(/^✗ Line 4: /);
    await use('import { Crawling } from "latchwork";\nexport class Mine extends Crawling {}\n');
    await expect.poll(() => fault("own-code")).toMatch(/Crawling/);
    await use(ownProtocol("", "\nthrow new Error('no');"));
    await expect.poll(() => fault("own-code")).toMatch(/^✗ Line 3: Error: no/);
    await use('import "fs";\n');
    await expect.poll(() => fault("own-code")).toMatch(/^✗ Line 1: only "latchwork" can be/);
    await use("export const nothing = 1;");
    await expect.poll(() => fault("own-code")).toMatch(/^✗ .*protocol/);
    expect(await subject()).toContain("C1");
  });

  it("pastes a protocol that reaches for network, storage and page: it gets nothing", async () => {
    await lab.open({ tab: "edit" });
    await lab.page.evaluate("localStorage.setItem('secret', 'kept')");
    let connections = 0;
    const server = createServer(() => connections++);
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    await use(ownProtocol("", triesOf(`127.0.0.1:${port}`)));
    await expect.poll(() => fault("own-code")).toMatch(/importScripts/);
    const got = await fault("own-code");
    expect(got.match(/\w+(?:=.*|!\w+)/g)).toEqual([
      expect.stringMatching(/^fetch!TypeError/),
      expect.stringMatching(/^xhr!NetworkError/),
      expect.stringMatching(/^socket!/),
      expect.stringMatching(/^storage!ReferenceError/),
      expect.stringMatching(/^database!/),
      expect.stringMatching(/^caches!/),
      expect.stringMatching(/^page!ReferenceError/),
      expect.stringMatching(/^parent!ReferenceError/),
      expect.stringMatching(/^module!TypeError/),
      expect.stringMatching(/^importScripts!/),
    ]);
    expect(connections).toBe(0);
    server.close();
    // The browser tells of a request that it then refuses to make.
    for (const heard of lab.quiet.heard())
      expect(heard).toMatch(`request: http://127.0.0.1:${port}/`);
    expect(await lab.page.evaluate("localStorage.getItem('secret')")).toBe("kept");
  });

  it("pastes a protocol that forges what its worker says: it gets through with none of it", async () => {
    await lab.open({ tab: "edit" });
    await use(
      ownProtocol(
        "",
        "MessagePort.prototype.postMessage = () => {};\nMessagePort.prototype.start = () => {};",
      ),
    );
    await expect.poll(subject).toMatch(/^mine,/);
    const alert = lab.page.getByRole("alert").filter({ hasText: "does not understand" });
    for (const forged of ["null", "{ kind: 'answer', id: data.id, answer: { stops: [] } }"]) {
      /* oxlint-disable no-await-in-loop -- one after the other */
      await use(
        ownProtocol(
          "",
          `const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
Object.defineProperty(MessageEvent.prototype, "data", { get() {
  const data = get.call(this);
  if (data?.kind === "do") this.target.postMessage(${forged});
  return data;
} });`,
        ),
      );
      await alert.waitFor();
      expect(await lab.page.locator("iframe").count()).toBe(0);
      await lab.page.locator("h1").click();
      await type("protocol b-link\ntree [10,20]\ntask get 10\n");
      await lab.button("Show it in the lab").click();
      await expect.poll(subject).toMatch(/^b-link/);
      expect(await alert.count()).toBe(0);
      /* oxlint-enable no-await-in-loop */
    }
  });

  it("comes to a run that cannot be drawn, and leaves it by undo", async () => {
    await lab.open();
    await lab.press("1", "2");
    await lab.page.evaluate(`(() => {
      const { reel } = latchworkLab.lab;
      reel.value = { film: reel.value.film, length: 3, at: () => ({ stop: 2, tasks: null }) };
    })()`);
    await lab.page.getByTestId("guard").waitFor();
    expect(lab.quiet.heard()).not.toEqual([]);
    await lab.button("Undo").click();
    await lab.tree.waitFor();
    expect(await lab.deed()).toMatch(/^Step 1 of 1 so far: a /);
  });

  it("pastes a protocol with a loop that never ends: it is ended, and the lab goes on", async () => {
    await lab.open({ tab: "edit" });
    // The page gives it ten seconds.
    await lab.page.clock.install();
    await use(ownProtocol("", "for (;;) {}"));
    await lab.page.clock.fastForward(10_000);
    await lab.page.getByTestId("own-code-fault").filter({ hasText: "never ends" }).waitFor();
    await lab.page.locator("h1").click();
    await lab.press("1");
    expect(await lab.deed()).toMatch(/^Step 1 of 1 so far: a /);
    expect(await lab.page.locator("iframe").count()).toBe(0);
  });
});
