const LEAF = /(\d+)\[([^\]]*)\]/;
const BRANCH = /(\d+)\{(\d+)(?: <([^>]*)> (\d+))?[^}]*\}/;

/** Marks of a drawing, in the order in which they are explained, and what they say. */
const MARKS: readonly (readonly [mark: RegExp, meaning: string])[] = [
  [/ = /, "= links neighbours both ways"],
  [/ > /, "> links them to the right only"],
  [/ < /, "< links them to the left only"],
  [/ \/ /, "/ stands between pages without a link"],
  [/!no-parent/, "!no-parent: no inner page names it"],
  [/!half-dead/, "!half-dead: the page is being removed"],
  [/!incomplete/, "!incomplete: its right half is not in the page above yet"],
  [/\(unreadable\)/, "(unreadable): the bytes are those of no page"],
];

/**
 * Explains how trees are drawn, by the pages and marks that occur in some drawings.
 *
 * @param drawn Lines of drawings; the first page of each kind in them is the example.
 */
export function treeLegend(drawn: readonly string[]): string[] {
  const text = drawn.join("\n");
  const [leaf, branch] = [LEAF.exec(text), BRANCH.exec(text)];
  return [
    ...(leaf === null ? [] : [leafLegend(leaf)]),
    ...(branch === null ? [] : [branchLegend(branch)]),
    ...MARKS.filter(([mark]) => mark.test(text)).map(([, meaning]) => meaning),
  ];
}

function leafLegend([drawing, page, keys]: RegExpExecArray): string {
  return `${drawing} is leaf page ${page}, ${keys === "" ? "without keys" : "with its keys"}`;
}

function branchLegend([drawing, page, first, key, second]: RegExpExecArray): string {
  const is = `${drawing} is inner page ${page}`;
  if (key === undefined) return `${is} over page ${first} alone`;
  return `${is}: keys below ${key} are in page ${first}, from ${key} on in page ${second}`;
}
