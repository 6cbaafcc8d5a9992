/**
 * Pictures of histories: one HTML file to walk through, or one SVG for a page of print.
 *
 *     writeFile("history.html", pictureHtml(history, model, verdict));
 *
 * A picture shows rows of operations and the order that explains them with the state before and
 * after each; if there is none, how far an order goes, the answer at which it ends, and the core.
 * All of it is there as text as well.
 *
 * `build-data.ts` puts together what is shown, as columns; `viewer/` is what runs in the page.
 *
 * Invariants:
 * 1. Pure: the same input gives the same bytes; no clock, no random numbers, nothing of Node.
 * 2. Whatever a history holds is text: it can neither end an element nor hide or turn around what
 *    stands beside it, and it is cut off at a length.
 * 3. Each point lies within its operation, and the points stand in the order.
 * 4. Colour is never the only sign.
 *
 * Left out: events outside of the history, and pictures of two histories side by side.
 */
export { type PictureOptions } from "./build-data.ts";
export { pictureHtml } from "./picture-html.ts";
export { pictureSvg } from "./picture-svg.ts";
