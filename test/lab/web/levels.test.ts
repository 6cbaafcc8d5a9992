import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Level, levelNamed, LEVELS, rightAnswer } from "../../../src/lab/index.ts";
import { parseSchedule } from "../../../src/sim/index.ts";
import { budget } from "../../campaign.ts";
import { LabPage } from "../../support/lab-page.ts";
import { HAS_NO_BROWSER, WHERE } from "../../support/quiet-page.ts";

/** A few of every kind; a campaign plays all of them. */
const PLAYED = budget({ short: (level: number) => level % 4 === 0, campaign: () => true });
const PLAYED_LEVELS = LEVELS.filter((_, at) => PLAYED(at));

describe.skipIf(HAS_NO_BROWSER)(`a visitor of the lab plays the levels${WHERE}`, () => {
  let lab: LabPage;
  beforeAll(async () => {
    lab = await LabPage.start();
    await lab.open({ tab: "levels" });
  });
  afterEach(() => lab.quiet.mustBeQuiet());
  afterAll(async () => await lab.quiet.close());

  /** Waits until the level stands so, and gives what is said of it. */
  const stands = async (state: "solved" | "missed"): Promise<string> => {
    const standing = lab.page
      .getByTestId("standing")
      .and(lab.page.locator(`[data-state=${state}]`));
    await standing.waitFor();
    return await standing.innerText();
  };
  const again = async (): Promise<void> => {
    await lab.button("Begin this level again").click();
    await lab.page.locator("h1").click();
  };
  /** Tries a level in a way that misses it, and then in one that solves it. */
  const play = async (level: Level): Promise<void> => {
    const { goal } = level;
    if (goal.kind === "holds" || goal.kind === "predict") {
      const isProof = goal.kind === "holds";
      const all = isProof ? goal.subjects.map(({ label }) => label) : goal.choices;
      const rightText = isProof ? "Proved" : "The run says the same";
      const right = isProof ? goal.solution : rightAnswer(level, goal);
      for (const choice of [...all.filter((one) => one !== right), right]) {
        /* oxlint-disable no-await-in-loop -- one after the other */
        await again();
        await lab.page.getByRole("radio", { name: choice, exact: true }).check();
        await lab.button(isProof ? /^Prove it/ : "Run it and see").click();
        const said = await stands(choice === right ? "solved" : "missed");
        const wrongText = isProof ? "It does not hold" : choice;
        expect(said).toContain(choice === right ? rightText : wrongText);
        /* oxlint-enable no-await-in-loop */
      }
      return;
    }
    await lab.page.locator("h1").click();
    await lab.follow(parseSchedule(goal.wrong));
    await stands("missed");
    expect(await lab.page.getByTestId("explanation").count()).toBe(0);
    await again();
    await lab.follow(parseSchedule(goal.solution));
    expect(await stands("solved")).toContain("That is par");
  };

  beforeEach(async () => {
    const all = lab.button(/All levels/);
    if (await all.isVisible()) await all.click();
  });

  it.each(PLAYED_LEVELS)("$id: first not as it should be, then to par", async (level) => {
    await lab.page.getByTestId(`level-${level.id}`).click();
    expect(await lab.page.getByTestId("level").innerText()).toContain(level.task);
    await play(level);
    expect(await lab.page.getByTestId("explanation").innerText()).toContain(
      level.explanation.slice(0, 40),
    );
    await lab.button(/All levels/).click();
    const title = await lab.page.getByTestId(`level-${level.id}`).innerText();
    expect(title).toContain(`✓ ${level.title}`);
  });

  it("finds them solved, also after a reload", async () => {
    const solved = `${PLAYED_LEVELS.length} of ${LEVELS.length} solved`;
    const list = lab.page.getByTestId("level-list");
    expect(await list.innerText()).toContain(solved);
    // The address follows within a moment.
    await expect.poll(() => lab.page.url()).not.toContain("level=");
    await lab.page.reload();
    expect(await list.innerText()).toContain(solved);
  });

  /** Opens a level by its button in the list. */
  const begin = async (id: string): Promise<void> => {
    await lab.page.getByTestId(`level-${id}`).click();
    await lab.page.locator("h1").click();
  };
  const enterByLink = async (level: string): Promise<void> => {
    await lab.page.evaluate(`location.hash = "level=${level}"`);
    await lab.page
      .getByTestId("level")
      .filter({ hasText: levelNamed(level)?.task ?? "" })
      .waitFor();
  };
  const standing = async (): Promise<string | null> =>
    await lab.page.getByTestId("standing").getAttribute("data-state");

  it("takes no answer and no proof along into another level, which a link enters", async () => {
    await begin("acknowledged");
    const level = levelNamed("acknowledged");
    if (level?.goal.kind !== "predict") throw new TypeError("it is to be predicted");
    await lab.page.getByRole("radio", { name: rightAnswer(level, level.goal) }).check();
    await lab.button("Run it and see").click();
    await stands("solved");
    await enterByLink("crash-again");
    expect(await standing()).toBe("open");
    await lab.button(/All levels/).click();
    await begin("coupling-proved");
    await lab.page.getByRole("radio").first().check();
    await lab.button(/^Prove it/).click();
    await expect.poll(standing).toMatch(/solved|missed/);
    await enterByLink("scan-back-right");
    expect(await standing()).toBe("open");
    expect(await lab.page.getByRole("radio", { checked: true }).count()).toBe(0);
  });

  it("gives nothing away while it asks, also after a reload, and only then", async () => {
    const note = lab.page.locator(".tasks").getByText("it would only join the queue");
    await begin("the-line");
    expect(await note.count()).toBe(0);
    await expect.poll(() => lab.page.url()).toContain("level=the-line");
    await lab.page.reload();
    await lab.page.getByTestId("level").waitFor();
    expect(await note.count()).toBe(0);
    await lab.button(/All levels/).click();
    expect(await note.count()).toBeGreaterThan(0);
  });

  it("solves nothing by a run that Find has found", async () => {
    await begin("split-race");
    await lab.openTab("Find");
    await lab.button("Hunt").click();
    await lab.page.getByTestId("found").filter({ hasText: "Found" }).waitFor();
    await lab.openTab("Levels");
    await lab.page.locator("h1").click();
    await lab.press("End");
    expect(await stands("missed")).toContain("it was found");
  });

  it("keeps what another tab has solved", async () => {
    await lab.page.evaluate("localStorage.clear()");
    await lab.open({ tab: "levels" });
    await lab.page.evaluate(`localStorage.setItem("latchwork-lab-levels", '{"elsewhere":[0,1]}')`);
    await begin("shared");
    const level = levelNamed("shared");
    if (level?.goal.kind !== "reach") throw new TypeError("a state is to be reached");
    await lab.follow(parseSchedule(level.goal.solution));
    await stands("solved");
    const kept = await lab.page.evaluate(`localStorage.getItem("latchwork-lab-levels")`);
    expect(kept).toContain("shared");
    expect(kept).toContain("elsewhere");
  });

  it("says of a link to a level that is not there that there is none", async () => {
    await lab.page.evaluate(`location.hash = "level=nonsense"`);
    await lab.page.getByRole("alert").filter({ hasText: 'no level "nonsense"' }).waitFor();
    await expect.poll(() => lab.page.url()).not.toContain("nonsense");
  });
});
