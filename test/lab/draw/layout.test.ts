import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bugNamed, BUGS, randomScenario, scenarioOfBug } from "../../../src/hunt/index.ts";
import {
  film,
  layoutTree,
  type Picture,
  Reel,
  sceneOf,
  sceneSvg,
  type TreePicture,
} from "../../../src/lab/index.ts";
import { createPrng } from "../../../src/sim/index.ts";
import { budget } from "../../campaign.ts";

const RANDOM = { strategy: "random", seed: "3" } as const;

function picturesOf(scenario: ReturnType<typeof scenarioOfBug>): Picture[] {
  const made = film(scenario, { schedule: [], rule: "exact", goOn: RANDOM });
  const reel = new Reel(made, scenario);
  return made.stops.map((_, stop) => reel.at(stop));
}

/** What a layout has to keep, whatever the tree is. */
function mustBeLaidOut(tree: TreePicture): void {
  const { pages, meta, width, height } = layoutTree(tree);
  expect(pages.map(({ page }) => page.page).toSorted((a, b) => a - b)).toEqual(
    [...tree.pages.keys()].toSorted((a, b) => a - b),
  );
  const boxes = [meta, ...pages];
  for (const [at, one] of boxes.entries()) {
    expect(one.x).toBeGreaterThanOrEqual(0);
    expect(one.x + one.width).toBeLessThanOrEqual(width);
    expect(one.y + one.height).toBeLessThanOrEqual(height);
    for (const other of boxes.slice(at + 1)) {
      const isApart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      expect(isApart).toBe(true);
    }
  }
  for (const level of new Set(pages.map(({ page }) => page.level))) {
    const row = pages.filter(({ page }) => page.level === level).toSorted((a, b) => a.x - b.x);
    expect(row.map(({ page }) => page.low)).toEqual(row.map(({ page }) => page.low).toSorted());
  }
}

describe("a tree that is laid out", () => {
  it("has each page once, apart from others, in the order of keys", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("crabbing", "b-link", "foster"),
        (seed, protocol) => {
          const scenario = randomScenario(
            { protocol, bug: null, operationsMax: 20 },
            createPrng(seed),
          );
          for (const { trees } of picturesOf(scenario)) trees.forEach(mustBeLaidOut);
        },
      ),
      { numRuns: budget({ short: 10, campaign: 1000 }) },
    );
  });

  it.each(BUGS.map(({ id }) => id).filter((_, at) => at % 4 === 0))(
    "is also drawn if bug %s has broken it",
    (id) => {
      for (const picture of picturesOf(scenarioOfBug(bugNamed(id)))) {
        picture.trees.forEach(mustBeLaidOut);
        const ids = sceneOf(picture).cells.map((cell) => cell.id);
        expect(new Set(ids).size).toBe(ids.length);
      }
    },
  );
});

describe("a scene as SVG", () => {
  it("stays as it is: a reader on its way to a leaf that has been split", async () => {
    const scenario = scenarioOfBug(bugNamed("C1"));
    const schedule = [0, 0, 1, 1, 1, 1, 1];
    const made = film(scenario, { schedule, rule: "exact", goOn: null });
    const last = new Reel(made, scenario).at(made.stops.length - 1);
    await expect(`${sceneSvg(last)}\n`).toMatchFileSnapshot("split-under-a-reader.svg");
  });
});
