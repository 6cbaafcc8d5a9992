import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Level, LEVELS, rightAnswer } from "../../../src/lab/index.ts";
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
});
