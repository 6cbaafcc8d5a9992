import type { PictureData } from "../picture-data.ts";
import type { PageWindow } from "./browser.ts";
import { Controls } from "./controls.ts";
import { HistoryView } from "./history-view.ts";
import { Keyboard } from "./keyboard.ts";
import { PageParts } from "./page-parts.ts";
import { Pointer } from "./pointer.ts";
import { Viewer } from "./viewer.ts";

/** Brings the page to life. */
export function startViewer(page: PageWindow): void {
  const parts = new PageParts(page);
  const data = JSON.parse(parts.get("data").textContent ?? "") as PictureData;
  const viewer = new Viewer(parts, new HistoryView(data));
  const controls = new Controls(parts, viewer);
  // Listeners keep these two.
  void [new Pointer(parts, viewer), new Keyboard(parts, viewer, controls)];
  new page.ResizeObserver(() => viewer.resize()).observe(parts.get("scroller"));
  if (data.stuck >= 0 || data.core.length > 0) viewer.jump();
  else viewer.showBeginning();
}
