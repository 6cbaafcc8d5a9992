import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { areCompatible, EXCLUSIVE, type Mode, SHARED, UPDATE } from "../../src/latch/index.ts";
import { film, judge, type Level, LEVELS, Reel, scenarioOf } from "../../src/lab/index.ts";
import { formatScenario } from "../../src/hunt/index.ts";

// The lessons name levels, and what to do in each: all of it is done here.

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
const page = read("teaching.md");

/** A level in a lesson: its heading, and the text up to the next one. */
const STOP = /^### Level (\d+), \*(.*)\* \(\d+ minutes\)\n([\s\S]*?)(?=^#|(?![\s\S]))/gm;
const KEYS = /^- Keys: `([\dc ]+)`(; choose \*possibility (\d+)\*)?(.*then \*Play\*)?/m;
const CHOICE = /^- Choose: (.*)$/m;

const stops = [...page.matchAll(STOP)].map(([, number = "", title = "", text = ""]) => ({
  number: Number(number),
  title,
  text,
}));

/** What comes of doing in a level what the lesson says. */
function outcomeOf(level: Level, text: string): string {
  const { goal } = level;
  const [, choice = ""] = CHOICE.exec(text) ?? [];
  if (goal.kind === "predict") return judge(level, { kind: "answer", choice }).state;
  // Which of them is right, a proof has shown in the tests of the levels.
  if (goal.kind === "holds") return choice === goal.solution ? "solved" : "missed";
  const [, keys = "", , draw = "", play] = KEYS.exec(text) ?? [];
  return outcomeOfKeys(level, keys, draw, play !== undefined);
}

function outcomeOfKeys(level: Level, keys: string, draw: string, isPlayed: boolean): string {
  const scenario = scenarioOf(level);
  const crash = scenario.tasks.length;
  const schedule = keys.split(" ").map((key) => (key === "c" ? crash : Number(key) - 1));
  // A draw stands behind the step that makes it, as the complement of its value.
  if (draw !== "") schedule.push(~(Number(draw) - 1));
  const goOn = isPlayed ? ({ strategy: "on", seed: "1" } as const) : null;
  const made = film(scenario, { schedule, rule: "exact", goOn });
  if (made.drift !== null) return `step ${made.drift} cannot be taken`;
  const reel = new Reel(made, scenario);
  const seen = {
    scenario: formatScenario(scenario),
    reel,
    seenTo: reel.length - 1,
    isGiven: false,
  };
  const { state, isPar } = judge(level, { kind: "run", ...seen });
  return isPar || isPlayed ? state : `${state}, not at par`;
}

describe("docs/teaching.md", () => {
  it("names levels by the number and the title that they have", () => {
    expect(stops.length).toBeGreaterThanOrEqual(18);
    expect(stops.map(({ number, title }) => [number, title])).toEqual(
      stops.map(({ number }) => [number, LEVELS[number - 1]?.title]),
    );
  });

  it.each(stops)("says what solves level $number, $title", ({ number, text }) => {
    const level = LEVELS[number - 1];
    expect(level === undefined ? "there is no such level" : outcomeOf(level, text)).toBe("solved");
  });

  it("plans no more minutes than each lesson has", () => {
    const lessons = page.split(/^## (?=\d+ minutes)/m).slice(1);
    let before = 0;
    for (const lesson of lessons) {
      const minutes = Number.parseInt(lesson, 10);
      for (const [, planned = ""] of lesson.matchAll(/^### .*\((\d+) minutes\)$/gm)) {
        before += Number(planned);
      }
      expect(before).toBeLessThanOrEqual(minutes);
    }
    expect(lessons.length).toBe(3);
  });
});

describe("docs/class-sheet.md", () => {
  it("has the table of modes that the latches have", () => {
    const rows = [...read("class-sheet.md").matchAll(/^\| [SUX] \w+ \| (.*) \|$/gm)];
    const modes: readonly Mode[] = [SHARED, UPDATE, EXCLUSIVE];
    expect(rows.map(([, cells = ""]) => cells.split(" | ").map((cell) => cell === "yes"))).toEqual(
      modes.map((held) => modes.map((wanted) => areCompatible(held, wanted))),
    );
  });
});
