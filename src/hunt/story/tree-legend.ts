import type { DrawnMark, DrawnPage, DrawnTree } from "../../btree/index.ts";

/** Joints and marks of a drawing, in the order in which they are explained, and what they say. */
const JOINTS = [
  ["=", "= links neighbours both ways"],
  [">", "> links them to the right only"],
  ["<", "< links them to the left only"],
  ["/", "/ is between pages without a link"],
] as const;
const MARKS: readonly (readonly [mark: DrawnMark, meaning: string])[] = [
  ["no-parent", "!no-parent: no inner page names it"],
  ["half-dead", "!half-dead: the page is being removed"],
  ["incomplete", "!incomplete: its right half is not in the page above yet"],
];
const UNREADABLE = "(unreadable): the bytes are those of no page";

/**
 * Explains how trees are drawn, by the pages and marks that occur in some drawings.
 *
 * @param drawn The trees; the first page of each kind in them is the example.
 */
export function treeLegend(drawn: readonly DrawnTree[]): string[] {
  const pages = drawn.flat(2);
  const leaf = pages.find(({ kind }) => kind === "leaf");
  const inner = pages.find(({ kind, children }) => kind === "inner" && children.length > 0);
  const joints = new Set(pages.map(({ joint }) => joint));
  const marks = new Set(pages.flatMap((page) => page.marks));
  return [
    ...(leaf === undefined ? [] : [leafLegend(leaf)]),
    ...(inner === undefined ? [] : [innerLegend(inner)]),
    ...JOINTS.filter(([joint]) => joints.has(joint)).map(([, meaning]) => meaning),
    ...MARKS.filter(([mark]) => marks.has(mark)).map(([, meaning]) => meaning),
    ...(pages.some(({ kind }) => kind === "unreadable") ? [UNREADABLE] : []),
  ];
}

function leafLegend({ id, text, keys }: DrawnPage): string {
  return `${text} is leaf page ${id}, ${keys.length === 0 ? "without keys" : "with its keys"}`;
}

function innerLegend({ id, text, keys, children }: DrawnPage): string {
  const [first, second] = children;
  const [key] = keys;
  const is = `${text} is inner page ${id}`;
  if (key === undefined) return `${is} over page ${first} only`;
  return `${is}: keys below ${key} are in page ${first}, from ${key} on in page ${second}`;
}
