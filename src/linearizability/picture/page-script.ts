import { assert } from "../../task/index.ts";
import { VIEWER_PARTS } from "./viewer/index.ts";

/** The page's one script: the viewer's own compiled text. */
export function pageScript(): string {
  const start = VIEWER_PARTS.at(-1);
  assert(start !== undefined, "the viewer has parts");
  const parts = VIEWER_PARTS.map((part) => `const ${part.name} = ${part.toString()};`);
  const script = ['"use strict";', ...parts, `${start.name}(globalThis);`].join("\n");
  assert(!/<\/script|<!--/i.test(script), "the viewer's text would end its own element");
  return script;
}
