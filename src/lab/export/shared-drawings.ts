import { type Scene, sceneOf, type ScenePage, sceneShapes, sceneTitles } from "../draw/index.ts";
import type { Picture } from "../picture/index.ts";
import { shown } from "./shown.ts";

/** A part ends a block if its hash is a multiple of this: a block has so many parts on average. */
const BLOCK_PARTS = 16;
/** A drawing is made so much smaller at most where there is little room; then it is scrolled. */
const SMALLEST = 0.6;
/** So wide is the narrowest telephone. */
const NARROW = 300;
/** Of a larger tree only those pages are told in words with which something is the matter. */
const PAGES_TOLD_MAX = 12;

/**
 * The drawings of one page. Most of what they show is the same from step to step, so what occurs
 * more than once is written once, and named where it is to be seen: parts of a drawing, and blocks
 * of parts. Where a block ends, its own parts say, so a page more or less changes one block, and
 * none behind it. O(parts of all drawings).
 */
export class SharedDrawings {
  readonly #parts = new SharedTexts("part");
  readonly #blocks = new SharedTexts("block");

  /** @param pictures All that will be drawn; the same one may come again. */
  constructor(pictures: Iterable<Picture>) {
    for (const picture of pictures) {
      for (const block of blocksOf(sceneOf(picture))) {
        // The parts of a block that comes again are in the page once.
        if (this.#blocks.count(block.join("\n"))) continue;
        for (const part of block) this.#parts.count(part);
      }
    }
  }

  /** A drawing, which needs the {@link definitions} in the same page. */
  figure(picture: Picture): string {
    const scene = sceneOf(picture);
    const { width, height } = scene;
    const least = Math.round(width * SMALLEST);
    // Who has no mouse scrolls with the arrows, once it has the focus.
    const focus = least > NARROW ? ' tabindex="0" aria-label="tree"' : "";
    return `<figure${focus}>
<svg class="scene" role="img" aria-label="${shown(wordsOf(scene))}" \
width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${width} ${height}" \
style="min-width:${least}px">
${this.#bodyOf(scene)}
</svg>
</figure>`;
  }

  /** What is written once; to be asked for once all drawings are made. */
  definitions(): string {
    const named = [...this.#parts.named(), ...this.#blocks.named()];
    // A style rule looks at what is inside the name only, not at where it is used.
    const groups = named.map(([name, text]) => `<g id="${name}" class="scene">${text}</g>`);
    return `<svg class="parts" width="0" height="0" aria-hidden="true"><defs>
${groups.join("\n")}
</defs></svg>`;
  }

  #bodyOf(scene: Scene): string {
    const shapes = blocksOf(scene).map((block) => {
      const written = (): string => block.map((part) => this.#parts.use(part)).join("\n");
      return this.#blocks.use(block.join("\n"), written);
    });
    const drawn = scene.isGone ? ['<g class="gone">', ...shapes, "</g>"] : shapes;
    return [...sceneTitles(scene), ...drawn].join("\n");
  }
}

/** Texts of which those that occur more than once get a name. */
class SharedTexts {
  readonly #prefix: string;
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<string, { readonly name: string; readonly written: string }>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Counts a text, and says whether it has been counted before. */
  count(text: string): boolean {
    const before = this.#counts.get(text) ?? 0;
    this.#counts.set(text, before + 1);
    return before > 0;
  }

  /** What is to be written in place of a text. */
  use(text: string, written: () => string = () => text): string {
    if ((this.#counts.get(text) ?? 0) < 2) return written();
    let known = this.#names.get(text);
    if (known === undefined) {
      known = { name: `${this.#prefix}-${this.#names.size}`, written: written() };
      this.#names.set(text, known);
    }
    return `<use href="#${known.name}"/>`;
  }

  named(): (readonly [name: string, text: string])[] {
    return [...this.#names.values()].map(({ name, written }) => [name, written]);
  }
}

function blocksOf(scene: Scene): string[][] {
  const blocks: string[][] = [[]];
  for (const part of sceneShapes(scene)) {
    blocks.at(-1)?.push(part);
    if (hashOf(part) % BLOCK_PARTS === 0) blocks.push([]);
  }
  return blocks.filter((block) => block.length > 0);
}

/** FNV-1a over the characters. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}

function wordsOf({ pages }: Scene): string {
  if (pages.length <= PAGES_TOLD_MAX) return pages.map(({ words }) => words).join(". ");
  const told = pages.filter(isTold).map(({ words }) => words);
  return [`a tree of ${pages.length} pages`, ...told].join(". ");
}

function isTold({ heldModes, mark, isLoose, kind }: ScenePage): boolean {
  return heldModes.length > 0 || mark !== null || (isLoose && kind !== "meta");
}
