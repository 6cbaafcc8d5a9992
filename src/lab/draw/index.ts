/**
 * Drawings of pictures: where each page, key, link and task stands, and the same as an SVG. The
 * page of the lab paints the scene with parts that move; files, story pages and print take the SVG.
 *
 * Invariants:
 * 1. Each page in use is drawn once, also in a tree that is broken, and no two overlap.
 * 2. Pages of a level stand in the order of their keys.
 * 3. A key has the same name wherever it goes, so that the eye can follow it.
 * 4. Task and mode are told by letters and lines; colour says nothing that they do not.
 *
 * Left out: motion, which is the page's.
 */
export { arrowPoints, linkPath, short } from "./link-path.ts";
export { fenceText, metaWords, pageWords } from "./page-words.ts";
export {
  type Colour,
  COLOURS,
  PALETTES,
  type Palette,
  TASK_COLOURS,
  taskColour,
  type Theme,
} from "./palette.ts";
export { type Chip, type Scene, type SceneCell, sceneOf, type ScenePage } from "./scene.ts";
export { sceneCss } from "./scene-css.ts";
export {
  chipClasses,
  pageClasses,
  sceneShapes,
  sceneSvg,
  type SceneSvgOptions,
  sceneTitles,
} from "./scene-svg.ts";
export {
  type Box,
  layoutTree,
  LEVEL_HEIGHT,
  PAGE_GAP,
  PAGE_HEIGHT,
  type PlacedCell,
  type PlacedLink,
  type PlacedPage,
  type TreeLayout,
} from "./tree-layout.ts";
