import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { formatReplay, parseReplay } from "../../../src/hunt/index.ts";
import {
  formatLink,
  type OpenedLink,
  parseLink,
  type SharedState,
} from "../../../src/lab/index.ts";
import { formatSchedule } from "../../../src/sim/index.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";
import { PINNED_RUNS, runOfLine } from "../search/pinned-runs.ts";

const DEADLOCK = PINNED_RUNS.find(({ name }) => name.startsWith("C5"))?.line ?? "";

/** Cut short, changed, of things that do not exist, of a later version, and none at all. */
const BROKEN: readonly string[] = [
  DEADLOCK.slice(0, 60),
  DEADLOCK.replace("scan", "scam"),
  DEADLOCK.replace("crabbing", "crawling"),
  "LW1:protocol%2",
  "hello",
  `${DEADLOCK}&at=x`,
  DEADLOCK.replace("LW1", "LW9"),
  "<img src=x onerror=alert(1)>",
];

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab opens and sends links${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start({ permissions: ["clipboard-read", "clipboard-write"] });
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  const link = (cursor: number): Partial<SharedState> => ({
    run: { ...runOfLine(DEADLOCK), cursor },
    beside: "b-link",
    tab: "share",
  });
  const alert = async (): Promise<string> => await lab.page.getByRole("alert").innerText();
  /** What the address says, which follows within a moment. */
  const opened = (): OpenedLink => parseLink(new URL(lab.page.url()).hash);

  it("sees the same moment: run, step, panel, and what stands beside", async () => {
    await lab.open(link(3));
    expect(await lab.deed()).toMatch(/^Step 3 of \d+: /);
    expect(await lab.page.getByTestId("subject").innerText()).toContain("C5");
    expect(await lab.page.getByRole("tab", { selected: true }).innerText()).toBe("Share");
    expect(await lab.tree.count()).toBe(2);
    expect(await lab.button(/Undo/).isDisabled()).toBe(true);
  });

  it("finds the moment in the address as it steps, and after a reload", async () => {
    await lab.open(link(3));
    await lab.press("ArrowRight", "ArrowRight");
    await expect.poll(opened).toMatchObject({ kind: "state", state: link(5) });
    const deed = await lab.deed();
    await lab.page.reload();
    expect(await lab.deed()).toBe(deed);
    await lab.press("r", "1");
    await expect.poll(opened).toMatchObject({ state: { run: { schedule: [0], cursor: 1 } } });
    await lab.page.reload();
    expect(await lab.deed()).toMatch(/^Step 1 of 1 so far: a /);
  });

  it("copies the link, and the line for the command line", async () => {
    await lab.open(link(4));
    const clipboard = async (): Promise<string> =>
      await lab.page.evaluate("navigator.clipboard.readText()");
    await lab.button("Copy the link").click();
    await lab.panel.getByText("Link copied.").waitFor();
    const copied = await clipboard();
    expect(copied).toBe(lab.page.url());
    await lab.button(/^Copy the line/).click();
    await lab.panel.getByText("Line for latchwork replay copied.").waitFor();
    const { scenario, schedule } = runOfLine(DEADLOCK);
    expect(await clipboard()).toBe(formatReplay(scenario, formatSchedule(schedule)));
    expect(parseReplay(await clipboard()).scenario).toEqual(scenario);
    await lab.open();
    await lab.page.goto("about:blank");
    await lab.page.goto(copied);
    expect(await lab.deed()).toMatch(/^Step 4 of /);
  });

  it("puts another link into the address of the open lab, and goes back by undo", async () => {
    await lab.open();
    await lab.press("1", "2");
    const to = formatLink({
      run: null,
      level: null,
      beside: null,
      tab: null,
      code: null,
      ...link(2),
    });
    await lab.page.evaluate(`location.hash = ${JSON.stringify(to)}`);
    await expect.poll(() => lab.deed()).toMatch(/^Step 2 of \d+: /);
    expect(await lab.page.getByTestId("subject").innerText()).toContain("C5");
    await lab.press("u");
    expect(await lab.page.getByTestId("subject").innerText()).toContain("C1");
    expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
  });

  it("opens broken links: one line of words each, and nothing is lost", async () => {
    await lab.open();
    await lab.press("1", "2");
    for (const broken of BROKEN) {
      /* oxlint-disable no-await-in-loop -- one after the other */
      await lab.press("1", "u");
      expect(await lab.page.getByRole("alert").count()).toBe(0);
      await lab.page.evaluate(`location.hash = ${JSON.stringify(encodeURI(broken))}`);
      expect(await alert()).toMatch(/^This link cannot be opened: \S[^\n]+$/);
      expect(await lab.deed()).toMatch(/^Step 2 of 2 so far: b /);
      /* oxlint-enable no-await-in-loop */
    }
  });

  it.each([DEADLOCK.slice(0, 60), "<img src=x onerror=alert(1)>"])(
    "starts with a broken link, %s: the same line, and the lab as ever",
    async (broken) => {
      await lab.open(encodeURI(broken));
      expect(await alert()).toMatch(/^This link cannot be opened: \S[^\n]+$/);
      expect(await lab.deed()).toMatch(/^Step 0 of 0/);
      await lab.press("1");
      expect(await lab.page.getByRole("alert").count()).toBe(0);
    },
  );

  it("opens a link that names a protocol beside which there is not: that is said", async () => {
    await lab.open({ ...link(2), beside: "nonsense" });
    expect(await alert()).toBe('This link compares with "nonsense": no protocol.');
    expect(await lab.tree.count()).toBe(1);
    await expect.poll(opened).toMatchObject({ state: { beside: null } });
  });

  it("shares what is shown, once a link's own protocol is left alone", async () => {
    const { scenario } = runOfLine(DEADLOCK);
    const run = {
      scenario: { ...scenario, protocol: "mine", bug: null },
      schedule: [0],
      cursor: 1,
    };
    await lab.open({ run, code: "export {};" });
    expect(await alert()).toContain("a protocol of its own");
    await expect.poll(opened).toMatchObject({ state: { run } });
    await lab.page.locator("h1").click();
    await lab.press("1", "2");
    await expect
      .poll(opened)
      .toMatchObject({ state: { run: { scenario: { bug: "C1" }, schedule: [0, 1], cursor: 2 } } });
  });

  it("opens a link with a schedule that does not fit: it is followed as far as it goes", async () => {
    const { scenario } = runOfLine(DEADLOCK);
    await lab.open({ run: { scenario, schedule: [1, 1, 1, 7, 7, 0], cursor: 99 } });
    expect(await lab.deed()).toMatch(/^Step 3 of 3 so far: b /);
    expect(await alert()).toContain("only steps before 4");
  });

  it("gets the same bytes of ten runs as Node", async () => {
    await lab.open();
    const lines = PINNED_RUNS.map(({ line }) => line);
    const hashes = await lab.page.evaluate(
      `${JSON.stringify(lines)}.map((line) => latchworkLab.traceHash(line))`,
    );
    expect(hashes).toEqual(PINNED_RUNS.map(({ hash }) => hash));
    expect(new Set(PINNED_RUNS.map(({ hash }) => hash)).size).toBe(10);
  });
});
