import { parseReplay } from "../../dist/hunt/index.js";
import { formatLink } from "../../dist/lab/index.js";
import { parseSchedule } from "../../dist/sim/index.js";

/** A moment of the lab as chapters write it: the command that opens it, and a caption. */
const MOMENT = /^latchwork lab '(LW1:[^'\n]*)' --at (\d+)\n([\s\S]+)$/;

/** Makes HTML of a piece of Markdown, and text safe to stand in an attribute. */
export interface Writing {
  readonly inline: (markdown: string) => string;
  readonly escaped: (text: string) => string;
}

/**
 * A block of a chapter as a frame with the lab in it, at that moment. It is loaded once a reader
 * comes near it.
 *
 * @throws Error if the block is no moment of the lab; that fails the build.
 */
export function labFrame(block: string, { inline, escaped }: Writing): string {
  const [, line, at = "", caption = ""] = MOMENT.exec(block) ?? [];
  if (line === undefined) throw new Error(`no moment of the lab:\n${block}`);
  const { scenario, schedule } = parseReplay(line);
  const run = { scenario, schedule: parseSchedule(schedule), cursor: Number(at) };
  const link = formatLink({ run, level: null, beside: null, tab: null, code: null });
  const address = escaped(`/lab/#${link}`);
  const words = caption.trim().replaceAll("\n", " ");
  return [
    `<figure class="lab-frame" v-pre>`,
    `<iframe src="${address}" title="${escaped(`The lab: ${words}`)}" loading="lazy"></iframe>`,
    `<figcaption>${inline(words)} `,
    `<a href="${address}" target="_blank">Open in the lab</a></figcaption>`,
    `</figure>\n`,
  ].join("");
}
