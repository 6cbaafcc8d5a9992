/**
 * The viewer: what runs inside the page of a picture.
 *
 * It is compiled and checked like everything else, and reaches the page as the text of its own
 * classes: {@link VIEWER_PARTS} are put into one script, one after the other, under the names they
 * have here.
 *
 * Invariants:
 * 1. A part refers to nothing but the parts, the language's own objects and its arguments; no
 *    constants beside the classes, no parent classes. A test runs the script in an empty world.
 * 2. The browser comes in as one argument of {@link startViewer}, typed by `browser.ts`.
 * 3. Drawing costs what is to be seen. Operations lie in columns and rows sorted by time; a frame
 *    looks its first operation up and stops at the edge.
 * 4. Text reaches the page as text, never as markup.
 *
 * Parts take the names that they bear at run time, so a bundler may rename them, as long as it
 * renames their uses alike. One that puts helpers of its own into them breaks the page.
 *
 * Left out: changing the history, and looking anything up that is not in the page.
 */
import { pointPositions } from "../points.ts";
import { Axis } from "./axis.ts";
import { BarPainter } from "./bar-painter.ts";
import { Controls } from "./controls.ts";
import { DetailsPanel } from "./details-panel.ts";
import { Filters } from "./filters.ts";
import { HeadPainter } from "./head-painter.ts";
import { HistoryView } from "./history-view.ts";
import { Keyboard } from "./keyboard.ts";
import { Overview } from "./overview.ts";
import { PageParts } from "./page-parts.ts";
import { Painter } from "./painter.ts";
import { Pointer } from "./pointer.ts";
import { RowLayout } from "./row-layout.ts";
import { heightOfHead, sizesOfPicture } from "./scene.ts";
import { startViewer } from "./start-viewer.ts";
import { StateLane } from "./state-lane.ts";
import { ViewList } from "./view-list.ts";
import { Viewer } from "./viewer.ts";
import { Viewport } from "./viewport.ts";

/** A class or function of the viewer. */
export interface ViewerPart {
  readonly name: string;
  /** Its text, as compiled. */
  toString(): string;
}

/** Everything the page's script consists of, {@link startViewer} the last. */
export const VIEWER_PARTS: readonly ViewerPart[] = [
  pointPositions,
  heightOfHead,
  sizesOfPicture,
  Axis,
  BarPainter,
  Controls,
  DetailsPanel,
  Filters,
  HeadPainter,
  HistoryView,
  Keyboard,
  Overview,
  PageParts,
  Painter,
  Pointer,
  RowLayout,
  StateLane,
  ViewList,
  Viewer,
  Viewport,
  startViewer,
];
