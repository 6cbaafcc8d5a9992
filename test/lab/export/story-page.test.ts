import { describe, expect, it } from "vitest";
import { Crabbing } from "../../../src/index.ts";
import {
  bugNamed,
  formatStory,
  parseScenario,
  scenarioOfBug,
  tellStory,
} from "../../../src/hunt/index.ts";
import { film, filmOfStory, storyPage, storyPageOf } from "../../../src/lab/index.ts";
import { failingRun } from "../../support/failing-run.ts";

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

describe("the page of a story", () => {
  // In memory, a deadlock, a disk with a crash, partitions.
  it.each(["C1", "C5", "W1", "P2"])("of %s tells every step, the verdict and the text", (id) => {
    const { scenario, schedule } = failingRun(id);
    const story = tellStory(scenario, schedule);
    const page = storyPage(scenario, schedule);
    expect(count(page, /<article /g)).toBe(story.steps + 1);
    expect(page).toContain(`✗ ${story.kind}`);
    const [rule = ""] = story.why;
    expect(textOf(page)).toContain(rule);
    expect(textOf(page)).toContain(formatStory(story));
    expect(storyPage(scenario, schedule)).toBe(page);
  });

  it("follows a schedule under another protocol, as replay does", () => {
    const { scenario, schedule } = failingRun("C1");
    const page = storyPage({ ...scenario, bug: null }, schedule, [], "loose");
    expect(page).toContain("✓ no failure");
    expect(page).not.toContain("What went wrong");
  });

  it("tells a run that is not over as far as it is decided", () => {
    const scenario = scenarioOfBug(bugNamed("C1"));
    const cut = film(scenario, { schedule: [0, 1], rule: "exact", goOn: null });
    const page = storyPageOf({ scenario, film: cut, story: null });
    expect(count(page, /<article /g)).toBe(3);
    expect(textOf(page)).toContain("waits to latch X on the meta page, behind a");
    expect(page).toContain("… not over");
    expect(page).not.toContain("The same story as text");
  });

  it("of a long run has its beginning and its end, and says what is left out", () => {
    const task = `task ${Array.from({ length: 50 }, (_, i) => `put ${i}`).join(" then ")}\n`;
    const { scenario } = parseScenario(`protocol crabbing\ncapacity 3\n${task}${task}`);
    const story = tellStory(scenario, "");
    expect(story.steps).toBeGreaterThan(450);
    const page = storyPage(scenario, "");
    expect(count(page, /<article /g)).toBe(400);
    expect(page).toContain(`${story.steps + 1 - 400} steps left out here`);
    expect(page).toContain(`id="step-${story.steps}"`);
    expect(page.length / 400).toBeLessThan(6000);
  });

  it("draws each step, and writes once what is drawn again", () => {
    const { scenario, schedule } = failingRun("C5");
    const page = storyPage(scenario, schedule);
    const drawn = page.match(/<figure[^]*?<\/figure>/g) ?? [];
    expect(drawn).toHaveLength(count(page, /<article /g));
    const used = [...page.matchAll(/<use href="#([a-z0-9-]+)"\/>/g)].map(([, name]) => name);
    const named = [...page.matchAll(/<g id="([a-z0-9-]+)"/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(named));
    expect(used.length).toBeGreaterThan(2 * named.length);
    expect(drawn.join("")).toContain("waits for it");
  });

  it("loads nothing: no address but the names of drawings, and a policy against it", () => {
    const { scenario, schedule } = failingRun("C1");
    const page = storyPage(scenario, schedule);
    expect(page).toContain("default-src 'none'");
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|src=|@import/);
  });
});

/** Characters that are not to be seen, but for the ends of lines. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}]/u;
const HOSTILE = [
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "<img src=x onerror=alert(1)>",
  `"'&<>\\`,
  "\u202egnp.exe\u2066\u0000\u001b[31m",
].join(" ");

describe("a page with texts that would be markup", () => {
  const { scenario, schedule } = failingRun("C1");
  const right = storyPage(scenario, schedule);

  /** Everything that a page makes of its texts: tags of their own, and their attributes. */
  const tagsOf = (page: string): string[] => (page.match(/<[a-z!/][^>]*>/gi) ?? []).toSorted();

  it("shows them, and obeys none", () => {
    const story = tellStory(scenario, schedule);
    const filmed = filmOfStory(scenario, story);
    const spoilt = JSON.parse(JSON.stringify({ story, filmed }), (key, value: unknown) =>
      ["text", "title", "result", "message", "replay"].includes(key) ? HOSTILE : value,
    ) as { story: typeof story; filmed: typeof filmed };
    const page = storyPageOf({ scenario, story: spoilt.story, film: spoilt.filmed });
    expect(tagsOf(page)).toEqual(tagsOf(right));
    expect(page).not.toMatch(UNSEEN);
    expect(page).toContain("&#60;img src=x onerror=alert(1)&#62;");
  });

  it("shows what a protocol of one's own says of itself", () => {
    class Hostile extends Crabbing {
      override readonly name: string = "mine";
      override get(): never {
        throw new Error(HOSTILE);
      }
    }
    const own = { ...scenario, protocol: "mine", bug: null };
    const page = storyPage(own, "", [new Hostile()]);
    expect(page).toContain("✗ exception");
    expect(page).toContain("&#60;img src=x onerror=alert(1)&#62;");
    expect(page).not.toMatch(/<img|<script>alert/);
    expect(page).not.toMatch(UNSEEN);
  });
});

/** The text of a page, without its tags. */
function textOf(page: string): string {
  return page
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
