import type { JsonFields } from "../../hunt/index.ts";
import { keyText } from "./key-text.ts";
import type { PictureEvent, PictureEventKind } from "./picture.ts";
import { numberIn, numbersIn, textIn } from "./trace-line.ts";

/** What happened in one step, for the eye to follow. */
export function eventsOf(lines: readonly JsonFields[]): PictureEvent[] {
  return lines.flatMap((line) => {
    const told = eventOf(line);
    if (told === null) return [];
    const [kind, text, pages] = told;
    const task = numberIn(line, "task");
    return [{ kind, text, pages, task: task < 0 ? null : task }];
  });
}

type Told = readonly [kind: PictureEventKind, text: string, pages: readonly number[]];

function eventOf(line: JsonFields): Told | null {
  const page = numberIn(line, "page");
  const into = numberIn(line, "into");
  const latch = numberIn(line, "latch");
  const on = latch === 0 ? "the meta page" : `page ${latch}`;
  switch (line["kind"]) {
    case "page-split": {
      const from = keyText(textIn(line, "separator"));
      return [
        "split",
        `page ${page} splits: what is from ${from} on moves to page ${into}`,
        [page, into],
      ];
    }
    case "page-merged":
      return ["merge", `page ${page} is merged into page ${into}`, [page, into]];
    case "root-changed":
      return ["root", `page ${page} is the root now`, [page]];
    case "page-allocated":
      return ["allocated", `page ${page} is taken into use`, [page]];
    case "page-freed":
      return ["freed", `page ${page} is freed`, [page]];
    case "pages-edited": {
      const pages = numbersIn(line, "pages");
      const what = pages.length === 1 ? "page" : "pages";
      return ["changed", `a change of ${what} ${pages.join(", ")} is complete`, pages];
    }
    case "latch-queued":
      return ["waits", `has to wait in the queue for ${on}`, [latch]];
    case "latch-blocked":
      return ["waits", `cannot have ${textIn(line, "mode")} on ${on} now`, [latch]];
    case "gate-queued":
      return ["gate-waits", `has to wait before ${textIn(line, "gate")}`, []];
    case "gate-entered":
      return ["gate-entered", `is inside ${textIn(line, "gate")}`, []];
    case "gate-left":
      return ["gate-left", `has left ${textIn(line, "gate")}`, []];
    case "latch-granted":
    case "latch-upgraded":
      return ["granted", `has ${textIn(line, "mode")} on ${on}`, [latch]];
    case "latch-released":
      return ["released", `releases ${textIn(line, "mode")} on ${on}`, [latch]];
    case "latch-refused":
      return ["refused", `is refused ${textIn(line, "mode")} on ${on}`, [latch]];
    case "operation-begun":
      return ["began", `begins ${textIn(line, "operation")}`, []];
    case "operation-returned":
      return ["returned", `${textIn(line, "operation")} ${textIn(line, "result")}`, []];
    case "log-durable":
      return ["durable", `the log is durable to ${numberIn(line, "position")}`, []];
    case "crash":
      return ["crash", "the power fails", []];
    case "disk-fault":
      return [
        "fault",
        `the disk does wrong: ${textIn(line, "fault")} of ${textIn(line, "name")}`,
        [],
      ];
    default:
      return null;
  }
}
