import { type Colour, TASK_COLOURS, taskColour } from "./palette.ts";

/**
 * The style of a scene, the same in the page and in a file.
 *
 * @param colour How a colour is written: its value, or a variable of the page.
 */
export function sceneCss(colour: (name: Colour) => string): string {
  const tasks = Array.from({ length: TASK_COLOURS }, (_, task) => {
    const own = colour(taskColour(task));
    return `.scene .task-${task}{--own:${own};color:${own}}
.scene .task-${task} rect{stroke:${own}}
.scene .task-${task} text{fill:${own}}
.scene .task-${task}.holds rect{fill:${own}}
.scene .task-${task}.holds text{fill:${colour("paper")}}`;
  });
  return `${RULES.map((rule) => rule(colour)).join("\n")}\n${tasks.join("\n")}\n`;
}

type Rule = (colour: (name: Colour) => string) => string;

const RULES: readonly Rule[] = [
  () => `.scene text{font:600 14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}`,
  (colour) =>
    `.scene .page .body{fill:${colour("panel")};stroke:${colour("ink-soft")};stroke-width:1.2}`,
  (colour) => `.scene .page.leaf .body{fill:${colour("paper")}}`,
  (colour) => `.scene .page.meta .body{stroke-dasharray:2 3;fill:${colour("paper")}}`,
  (colour) =>
    `.scene .page.loose .body{stroke:${colour("warn")};stroke-dasharray:7 4;stroke-width:2}`,
  (colour) => `.scene .page.unreadable .body{stroke:${colour("bad")};stroke-width:2.5}`,
  (colour) => `.scene .page .title{fill:${colour("ink")};font-size:12px}`,
  (colour) => `.scene .page .fences{fill:${colour("ink-soft")};font-size:11px;font-weight:400}`,
  (colour) => `.scene .page .mark{fill:${colour("accent")};font-size:12px}`,
  // So that it can be read where a link passes behind it.
  (colour) => `.scene .mark{paint-order:stroke;stroke:${colour("paper")};stroke-width:4px}`,
  (colour) => `.scene .page .changed{fill:none;stroke:${colour("accent")};stroke-width:3}`,
  (colour) => `.scene .page .held{fill:none;stroke:${colour("ink")}}`,
  () => `.scene .page .held-S{stroke-width:2;stroke-dasharray:5 3}`,
  () => `.scene .page .held-U{stroke-width:3;stroke-dasharray:9 3 2 3}`,
  () => `.scene .page .held-X{stroke-width:4}`,
  (colour) => `.scene .cell rect{fill:${colour("panel")};stroke:${colour("line")}}`,
  (colour) => `.scene .cell.key rect{fill:${colour("paper")}}`,
  (colour) => `.scene .cell text{fill:${colour("ink")}}`,
  (colour) => `.scene .cell circle{fill:${colour("ink-soft")}}`,
  (colour) => `.scene .link{fill:none;stroke:${colour("ink-soft")};stroke-width:1.4}`,
  () => `.scene .link.left,.scene .link.right{stroke-width:1.2}`,
  (colour) => `.scene .arrow{fill:${colour("ink-soft")}}`,
  (colour) => `.scene .chip rect{fill:${colour("paper")};stroke-width:2}`,
  () => `.scene .chip.coming rect{stroke-dasharray:3 3}`,
  () => `.scene .chip.outside rect{stroke-dasharray:1 3}`,
  () => `.scene .chip text{font-size:13px}`,
  () => `.scene .gone{opacity:0.6}`,
  (colour) => `.scene .heading{fill:${colour("ink-soft")};font-size:13px}`,
];
