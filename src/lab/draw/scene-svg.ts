import { escapeMarkup } from "../../task/index.ts";
import type { Picture } from "../picture/index.ts";
import { arrowPoints, linkPath, short } from "./link-path.ts";
import { PALETTES, TASK_COLOURS, type Theme } from "./palette.ts";
import { type Chip, type Scene, type SceneCell, sceneOf, type ScenePage } from "./scene.ts";
import { sceneCss } from "./scene-css.ts";
import type { Box, PlacedLink } from "./tree-layout.ts";

/** How a scene is written. */
export interface SceneSvgOptions {
  /** Default: light. */
  readonly theme?: Theme;
  /** Whether colours and style are in the drawing, so that it can stand alone. Default: true. */
  readonly standsAlone?: boolean;
  /** The title that a screen reader says. Default: what the pages are. */
  readonly title?: string;
}

/** A picture as an SVG document of its own, at its natural size. O(pages). */
export function sceneSvg(picture: Picture, options: SceneSvgOptions = {}): string {
  const { theme = "light", standsAlone = true } = options;
  const scene = sceneOf(picture);
  const palette = PALETTES[theme];
  const [width, height] = [short(scene.width), short(scene.height)];
  const title = options.title ?? scene.pages.map(({ words }) => words).join(". ");
  const style = standsAlone ? `<style>${sceneCss((name) => palette[name])}</style>` : "";
  const ground = standsAlone
    ? `<rect width="${width}" height="${height}" fill="${palette.paper}"/>`
    : "";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="scene" role="img" width="${width}" ` +
    `height="${height}" viewBox="0 0 ${width} ${height}"><title>${escapeMarkup(title)}</title>` +
    style +
    ground +
    bodyOf(scene) +
    `</svg>`
  );
}

function bodyOf(scene: Scene): string {
  const shapes = sceneShapes(scene);
  const drawn = scene.isGone ? ['<g class="gone">', ...shapes, "</g>"] : shapes;
  return [...sceneTitles(scene), ...drawn].join("\n");
}

/** The headings of a drawing, one element each. */
export function sceneTitles({ headings }: Scene): readonly string[] {
  return headings.map(
    ({ text, x, y }) =>
      `<text class="heading" x="${short(x)}" y="${short(y)}">${escapeMarkup(text)}</text>`,
  );
}

/** Everything else, one element each; what does not change is the same text again. */
export function sceneShapes({ links, pages, cells, chips }: Scene): readonly string[] {
  return [
    ...links.map(linkSvg),
    ...pages.map(pageSvg),
    ...cells.map(cellSvg),
    ...chips.map(chipSvg),
  ];
}

/** @param inset How far it is inside the box, on every side. */
function rectangle({ width, height }: Box, more: string, inset: number = 0): string {
  const at = inset === 0 ? "" : `x="${inset}" y="${inset}" `;
  const size = `width="${short(width - 2 * inset)}" height="${short(height - 2 * inset)}"`;
  return `<rect ${at}${size} ${more}/>`;
}

function group(name: string, { x, y }: Box, inside: readonly string[]): string {
  return `<g class="${name}" transform="translate(${short(x)} ${short(y)})">${inside.join("")}</g>`;
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly className?: string;
  readonly anchor?: "middle" | "end";
}

function textAt(text: string, { x, y, className, anchor }: TextPlace): string {
  const name = className === undefined ? "" : ` class="${className}"`;
  const at = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text${name} x="${short(x)}" y="${short(y)}"${at}>${escapeMarkup(text)}</text>`;
}

/** The classes of a page, which say what it is and how it stands. */
export function pageClasses({ kind, isRoot, isLoose }: ScenePage): string {
  return `page ${kind}${isRoot ? " root" : ""}${isLoose ? " loose" : ""}`;
}

function pageSvg(page: ScenePage): string {
  const { title, fences, mark, heldModes, width } = page;
  const held = [...new Set(heldModes)].map((mode) =>
    rectangle(page, `rx="6" class="held held-${mode}"`, -3),
  );
  const marked =
    mark === null
      ? []
      : [
          rectangle(page, 'rx="8" class="changed"', -7),
          textAt(mark, { x: 0, y: -30, className: "mark" }),
        ];
  return group(pageClasses(page), page, [
    rectangle(page, 'rx="4" class="body"'),
    ...marked,
    ...held,
    textAt(title, { x: 6, y: 14, className: "title" }),
    textAt(fences, { x: width - 5, y: 13, className: "fences", anchor: "end" }),
  ]);
}

function cellSvg(cell: SceneCell): string {
  const { kind, text, width, height } = cell;
  const [x, y] = [short(width / 2), short(height / 2)];
  if (kind === "child") return group("cell child", cell, [`<circle cx="${x}" cy="${y}" r="3.5"/>`]);
  return group(`cell ${kind}`, cell, [
    rectangle(cell, 'rx="3"'),
    textAt(text, { x: width / 2, y: 17, anchor: "middle" }),
  ]);
}

function linkSvg(link: PlacedLink): string {
  return (
    `<path class="link ${link.kind}" d="${linkPath(link)}"/>` +
    `<polygon class="arrow" points="${arrowPoints(link)}"/>`
  );
}

/** The classes of a chip. */
export function chipClasses({ task, role }: Chip): string {
  return `chip ${role} task-${task % TASK_COLOURS}`;
}

function chipSvg(chip: Chip): string {
  return group(chipClasses(chip), chip, [
    rectangle(chip, 'rx="11"'),
    textAt(chip.text, { x: chip.width / 2, y: 16, anchor: "middle" }),
  ]);
}
