import { assert } from "../../task/index.ts";
import { VIEWER_PARTS } from "./viewer/index.ts";

/** The page's one script: the viewer's own compiled text. */
export function pageScript(): string {
  const parts = VIEWER_PARTS.map((part) => `const ${part.name} = ${part.toString()};`);
  const script = ['"use strict";', ...parts, "startViewer(globalThis);"].join("\n");
  assert(!/<\/script|<!--/i.test(script), "the viewer's text would end its own element");
  return script;
}
