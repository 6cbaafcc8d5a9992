/**
 * What of a run can be taken away: a page that tells it step by step and needs nothing else, and
 * some of its moments beside each other as a drawing.
 *
 * Invariants:
 * 1. Pure: the same run gives the same bytes; nothing of Node, nothing of a browser.
 * 2. Whatever a scenario, a protocol or an error says is text in the page: it can neither end an
 *    element nor hide what stands beside it.
 * 3. The page asks the network for nothing, and its policy forbids it to.
 * 4. Without its script the page is a long one with the same content.
 *
 * Left out: choosing another step. That is what the lab is for, and the page says how to get there.
 */
export { type ChosenStops, offeredStops, readStops } from "./chosen-stops.ts";
export { filmOfStory, storyPage, storyPageOf, type ToldRun } from "./story-page.ts";
export { type Strip, stripSvg } from "./strip.ts";
