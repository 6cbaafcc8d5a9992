import type { Protocol } from "../../btree/index.ts";
import {
  bugNamed,
  formatStory,
  parseReplay,
  type ReplayRule,
  type Scenario,
  type Story,
  tellStory,
} from "../../hunt/index.ts";
import { parseSchedule, type Schedule } from "../../sim/index.ts";
import { film, type Film } from "../film/index.ts";
import { Reel } from "../picture/index.ts";
import { counted } from "../search/index.ts";
import { SharedDrawings } from "./shared-drawings.ts";
import { shown, shownLines } from "./shown.ts";
import { type ShownStop, shownStops } from "./shown-stops.ts";
import { deedText, stepArticle } from "./story-step.ts";
import { STORY_STYLE } from "./story-style.ts";
import { storyScript } from "./story-viewer.ts";

/** What a page tells. */
export interface ToldRun {
  readonly scenario: Scenario;
  readonly film: Film;
  /** Its story; null for a run that is not over, or cannot be told here. */
  readonly story: Story | null;
  /** What follows the line in the command that replays it, as ` --protocol-file mine.js`. */
  readonly replayOptions?: string;
}

/**
 * Makes one HTML file that tells a run step by step, and needs nothing else: no network, no lab, no
 * other file. The run is told to its end, as `latchwork replay` tells it.
 *
 * @param own Protocols of one's own that the scenario may name.
 * @param rule What becomes of a schedule that does not fit.
 * @throws LatchworkError for a scenario or schedule that cannot be read.
 */
export function storyPage(
  scenario: Scenario,
  schedule: string | Schedule,
  own: readonly Protocol[] = [],
  rule: ReplayRule = "exact",
): string {
  const story = tellStory(scenario, schedule, own, rule);
  return storyPageOf({ scenario, story, film: filmOfStory(scenario, story, own) });
}

/** The film of a run that was told. */
export function filmOfStory(
  scenario: Scenario,
  { replay }: Story,
  own: readonly Protocol[] = [],
): Film {
  const schedule = parseSchedule(parseReplay(replay).schedule);
  return film(scenario, { schedule, rule: "exact", goOn: null }, own);
}

/** The page of a run that was filmed. About 20 kB, and 2 to 6 kB a step. */
export function storyPageOf(told: ToldRun): string {
  const { film: filmed, scenario } = told;
  const reel = new Reel(filmed, scenario);
  const stops = shownStops(reel);
  const drawings = new SharedDrawings(stops.map(({ stop }) => reel.at(stop)));
  const articles = stops.map((one) => leftOutText(one) + articleOf(one, reel, drawings));
  const title = shown(titleOf(told));
  const [kind, verdict] = badgeOf(filmed);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${STORY_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p><span class="badge ${kind}">${verdict}</span> ${shown(aboutText(told))}</p>
</header>
${drawings.definitions()}
${TOOLS}
<div class="columns">
<nav id="list" aria-label="All steps">
<details open>
<summary>${counted(filmed.stops.length - 1, "step")}</summary>
<ol start="0">
${stops.map((one) => listItem(one, filmed)).join("\n")}
</ol>
</details>
</nav>
<main>
${articles.join("\n")}
${whySection(told)}
${textSection(told)}
</main>
</div>
<script>
${storyScript()}
</script>
</body>
</html>
`;
}

function articleOf(one: ShownStop, reel: Reel, drawings: SharedDrawings): string {
  const picture = reel.at(one.stop);
  return stepArticle(one, reel.film, picture, drawings.figure(picture));
}

function listItem({ stop, isWorthALook }: ShownStop, filmed: Film): string {
  const mark = isWorthALook ? "" : ' class="plain"';
  const deed = filmed.stops[stop]?.deed ?? null;
  return `<li value="${stop}"${mark}><a href="#step-${stop}">${deedText(deed, filmed)}</a></li>`;
}

function leftOutText({ leftOutBefore }: ShownStop): string {
  if (leftOutBefore === 0) return "";
  const what = `${counted(leftOutBefore, "step")} left out here; the lab shows them`;
  return `<p class="gap">${what}.</p>\n`;
}

function titleOf({ story, film: { failure, isOver } }: ToldRun): string {
  if (story !== null) return story.title;
  if (failure !== null) return `${failure.kind}: ${failure.message}`;
  return isOver ? "nothing went wrong in this run" : "a run that is not over";
}

function badgeOf({ failure, isOver }: Film): readonly [kind: string, text: string] {
  if (failure !== null) return ["bad", `✗ ${shown(failure.kind)}`];
  return isOver ? ["good", "✓ no failure"] : ["open", "… not over"];
}

function aboutText({ scenario, film: { stops, preemptions } }: ToldRun): string {
  const { protocol, bug, capacity, fairness } = scenario;
  const entries = capacity === 0 ? "any number of" : `at most ${capacity}`;
  return [
    bug === null ? protocol : `${protocol} with bug ${bug}: ${bugNamed(bug).title}`,
    `${entries} entries a page`,
    `${fairness} latches`,
    counted(stops.length - 1, "step"),
    counted(preemptions, "preemption"),
  ].join("; ");
}

const TOOLS = `<nav id="tools" aria-label="Steps" hidden>
<span class="group"><button type="button" id="first">first</button>\
<button type="button" id="before">« event</button>\
<button type="button" id="back">← back</button>\
<button type="button" id="next">next →</button>\
<button type="button" id="after">event »</button>\
<button type="button" id="last">last</button></span>
<input type="range" id="scrub" aria-label="step" min="0" value="0">
<p id="where" role="status"></p>
<button type="button" id="all" aria-pressed="false">all steps</button>
<p class="keys"><kbd>←</kbd> <kbd>→</kbd> a step, <kbd>,</kbd> <kbd>.</kbd> to where something \
happens, <kbd>Home</kbd> <kbd>End</kbd>, <kbd>a</kbd> all steps</p>
</nav>`;

/** Why the run failed: the rule that was broken, and its evidence. */
function whySection({ story }: ToldRun): string {
  const [rule, ...evidence] = story?.why ?? [];
  if (rule === undefined) return "";
  const items = evidence.map((line) => `<li>${shown(line)}</li>`).join("\n");
  const causes = story?.causes;
  const matters =
    causes === undefined || causes.switch === null
      ? ""
      : `<p>The switch that matters: ${shown(causes.switch.text)}.</p>`;
  return `<section id="why">
<h2>What went wrong</h2>
<p><strong>Broken rule: ${shown(rule)}</strong></p>
<ul>
${items}
</ul>
${matters}
</section>`;
}

function textSection({ story, replayOptions = "" }: ToldRun): string {
  if (story === null) return "";
  return `<section id="text">
<h2>The same story as text</h2>
<pre tabindex="0" aria-label="story">${shownLines(formatStory(story, { replayOptions }))}</pre>
</section>`;
}
