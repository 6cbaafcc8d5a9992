import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import {
  arrowPoints,
  type Chip,
  chipClasses,
  linkPath,
  pageClasses,
  type Picture,
  type Scene,
  type SceneCell,
  sceneOf,
  type ScenePage,
} from "../../index.ts";

interface TreeStageProps {
  readonly picture: Picture;
  /** What the drawing is of, for a screen reader. */
  readonly title: string;
}

/** Below this a tree is drawn at its natural size, so that small ones do not fill the screen. */
const WIDTH_MIN = 420;
/** A narrow screen has no room to leave free. */
const WIDTH_MIN_NARROW = 260;
const NARROW = 640;
const HEIGHT_MIN = 190;

/**
 * The trees of a picture, live: what has another place in the next picture moves there, so that
 * the eye follows a key into another page.
 */
export function TreeStage({ picture, title }: TreeStageProps): JSX.Element {
  const scene = sceneOf(picture);
  // The eye can follow one step. Over many it sees a place it knows nothing of, at once.
  const last = useRef(picture.stop);
  const isJump = Math.abs(picture.stop - last.current) > 1;
  last.current = picture.stop;
  const isNarrow = innerWidth < NARROW;
  const width = Math.max(isNarrow ? WIDTH_MIN_NARROW : WIDTH_MIN, scene.width);
  const height = Math.max(HEIGHT_MIN, scene.height);
  // The tree stands in the middle, so that it does not jump to the side when a page is added.
  const left = (scene.width - width) / 2;
  return (
    // A wide tree is scrolled here, with the arrows too.
    <div class="tree" data-testid="tree" role="group" aria-label={title} tabIndex={0}>
      <svg
        class={isJump ? "scene live jump" : "scene live"}
        role="none"
        viewBox={`${left} 0 ${width} ${height}`}
        style={{
          maxWidth: `${width * SCALE_MAX}px`,
          minWidth: `${Math.min(width * SCALE_MIN, 2400)}px`,
        }}
      >
        {scene.headings.map(({ text, x, y }) => (
          <text key={text} class="heading" x={x} y={y}>
            {text}
          </text>
        ))}
        <g class={scene.isGone ? "gone" : ""}>
          <Links scene={scene} />
          {byId(scene.pages).map((page) => (
            <PageShape key={page.id} page={page} />
          ))}
          {byId(scene.cells).map((cell) => (
            <CellShape key={cell.id} cell={cell} />
          ))}
          {byId(scene.chips).map((chip) => (
            <ChipShape key={chip.id} chip={chip} />
          ))}
        </g>
      </svg>
    </div>
  );
}

/** How much larger than its natural size a tree is drawn at most, and how much smaller. */
const SCALE_MAX = 1.35;
const SCALE_MIN = 0.62;

/** In an order that does not change when places do: an element that is moved would not glide. */
function byId<T extends { readonly id: string }>(shapes: readonly T[]): T[] {
  return shapes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function moved({ x, y }: { readonly x: number; readonly y: number }): { transform: string } {
  return { transform: `translate(${x}px, ${y}px)` };
}

function Links({ scene }: { readonly scene: Scene }): JSX.Element {
  return (
    <g aria-hidden="true">
      {scene.links.map((link) => (
        <g key={link.id}>
          <path
            class={`link ${link.kind}`}
            d={linkPath(link)}
            style={{ d: `path("${linkPath(link)}")` }}
          />
          <polygon class="arrow" points={arrowPoints(link)} />
        </g>
      ))}
    </g>
  );
}

function PageShape({ page }: { readonly page: ScenePage }): JSX.Element {
  const { width, height, title, fences, mark, heldModes, words } = page;
  return (
    <g class={`${pageClasses(page)} moves`} style={moved(page)} role="img" aria-label={words}>
      <title>{words}</title>
      <rect class="body" width={width} height={height} rx="4" />
      {mark !== null && (
        <>
          <rect class="changed" x="-7" y="-7" width={width + 14} height={height + 14} rx="8" />
          <text class="mark" x="0" y="-30">
            {mark}
          </text>
        </>
      )}
      {[...new Set(heldModes)].map((mode) => (
        <rect
          key={mode}
          class={`held held-${mode}`}
          x="-3"
          y="-3"
          width={width + 6}
          height={height + 6}
          rx="6"
        />
      ))}
      <text class="title" x="6" y="14">
        {title}
      </text>
      <text class="fences" x={width - 5} y="13" text-anchor="end">
        {fences}
      </text>
    </g>
  );
}

function CellShape({ cell }: { readonly cell: SceneCell }): JSX.Element {
  const { kind, text, width, height } = cell;
  return (
    <g class={`cell ${kind} moves`} style={moved(cell)} aria-hidden="true">
      {kind === "child" ? (
        <circle cx={width / 2} cy={height / 2} r="3.5" />
      ) : (
        <>
          <rect width={width} height={height} rx="3" />
          <text x={width / 2} y="17" text-anchor="middle">
            {text}
          </text>
        </>
      )}
    </g>
  );
}

const ROLES: Readonly<Record<Chip["role"], string>> = {
  holds: "holds this latch",
  waits: "waits in the queue for this latch",
  outside: "waits for this latch, outside its queue",
  coming: "comes here with its next step",
};

function ChipShape({ chip }: { readonly chip: Chip }): JSX.Element {
  const { width, height, text, name, role } = chip;
  return (
    <g class={`${chipClasses(chip)} moves`} style={moved(chip)} aria-hidden="true">
      <title>{`${name} ${ROLES[role]}`}</title>
      <rect width={width} height={height} rx="11" />
      <text x={width / 2} y="16" text-anchor="middle">
        {text}
      </text>
    </g>
  );
}
