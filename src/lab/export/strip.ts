import { escapeMarkup, printable } from "../../task/index.ts";
import { PALETTES, sceneCss, sceneOf, sceneSvg, type Theme } from "../draw/index.ts";
import type { Deed, Film } from "../film/index.ts";
import type { Reel } from "../picture/index.ts";

/** Some moments of a run beside each other, as one drawing. */
export interface Strip {
  /** A document of its own. */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** A drawing with what it shows below it. */
interface Frame {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly caption: readonly string[];
}

const GAP = 28;
const MARGIN = 20;
const FRAME_WIDTH_MIN = 240;
const CAPTION_SIZE = 14;
const CAPTION_LINE = 19;
/** Width of a letter of the caption's font, in shares of its size; a little more than most need. */
const LETTER = 0.56;
/** Most slides are so much wider than high. */
const SLIDE = 16 / 9;

/**
 * Draws some stops of a run, each with its step in words, in as many rows as fit a slide best.
 * O(stops × pages). Requires: at least one stop, each of the reel.
 */
export function stripSvg(reel: Reel, stops: readonly number[], theme: Theme = "light"): Strip {
  const frames = stops.map((stop) => frameOf(reel, stop));
  const width = Math.max(...frames.map((frame) => frame.width));
  const height = Math.max(...frames.map((frame) => frame.height));
  const lines = Math.max(...frames.map(({ caption }) => caption.length));
  const cell = { width: width + GAP, height: height + lines * CAPTION_LINE + GAP };
  const columns = columnsFor(frames.length, cell);
  const rows = Math.ceil(frames.length / columns);
  const size = {
    width: columns * cell.width - GAP + 2 * MARGIN,
    height: rows * cell.height - GAP + 2 * MARGIN,
  };
  const drawn = frames.map((frame, at) => {
    const x = MARGIN + (at % columns) * cell.width;
    const y = MARGIN + Math.floor(at / columns) * cell.height;
    return drawnFrame(frame, x, y, height);
  });
  const palette = PALETTES[theme];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" \
height="${size.height}" viewBox="0 0 ${size.width} ${size.height}">
<style>${sceneCss((name) => palette[name])}
.caption{font:${CAPTION_SIZE}px system-ui,"Liberation Sans",sans-serif;fill:${palette.ink}}
.caption .number{font-weight:700}</style>
<rect width="${size.width}" height="${size.height}" fill="${palette.paper}"/>
${drawn.join("\n")}
</svg>
`;
  return { svg, ...size };
}

function frameOf(reel: Reel, stop: number): Frame {
  const picture = reel.at(stop);
  const scene = sceneOf(picture);
  const width = Math.ceil(Math.max(scene.width, FRAME_WIDTH_MIN));
  const text = deedWords(reel.film.stops[stop]?.deed ?? null, reel.film);
  const letters = Math.floor(width / (CAPTION_SIZE * LETTER));
  return {
    svg: sceneSvg(picture, { standsAlone: false }),
    width,
    height: Math.ceil(scene.height),
    caption: wrapped(`${stop}. ${text}`, letters),
  };
}

function drawnFrame({ svg, caption, height }: Frame, x: number, y: number, most: number): string {
  // All stand on one line, so that the eye can compare them.
  const down = y + most - height;
  const lines = caption.map((line, at) => {
    const base = y + most + (at + 1) * CAPTION_LINE - 4;
    return `<text class="caption" x="${x}" y="${base}">${escapeMarkup(line)}</text>`;
  });
  return `<g transform="translate(${x} ${down})">${svg}</g>\n${lines.join("\n")}`;
}

function deedWords(deed: Deed | null, film: Film): string {
  if (deed === null) return "before the first step";
  return printable(`${film.tasks[deed.task]?.name ?? ""} ${deed.text}`);
}

/** Breaks a text at blanks into lines of so many letters; a longer word has a line of its own. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > letters) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** How many columns make the whole as wide, beside its height, as a slide. */
function columnsFor(
  count: number,
  cell: { readonly width: number; readonly height: number },
): number {
  let best = 1;
  let least = Infinity;
  for (let columns = 1; columns <= count; columns++) {
    const shape = (columns * cell.width) / (Math.ceil(count / columns) * cell.height);
    const off = Math.abs(Math.log(shape / SLIDE));
    if (off < least) [best, least] = [columns, off];
  }
  return best;
}
