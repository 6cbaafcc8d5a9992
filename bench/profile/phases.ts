/**
 * The phases of an operation. Time belongs to the phase of the innermost function on the stack
 * that has one: what a search calls to compare bytes is search.
 */
export const PHASES: readonly string[] = [
  "descend",
  "search",
  "edit",
  "log",
  "disk",
  "wake-up",
  "interface",
  "wait",
  "other",
];

/** What each source file is part of, by the first that fits. Files of no phase are their caller's. */
const PHASE_OF_FILE: readonly (readonly [RegExp, string])[] = [
  [/\/btree\/(node-search|spot-search|child-choice|put-rule)\.js$/u, "search"],
  [
    /\/btree\/(node-edit|node-split|node-merge|structure-change|format-page|change-group|touched-page|page-images|counting-log)\.js$/u,
    "edit",
  ],
  [/\/btree\/node-read\.js$/u, "search"],
  [/\/btree\/(bytes|page-layout|node-fit|meta-page|limits)\.js$/u, ""],
  [/\/(btree|latch)\//u, "descend"],
  [/\/storage\/(page-redo|page-header|page-view)\.js$/u, ""],
  [/\/storage\//u, "descend"],
  [/\/wal\//u, "log"],
  [/\/drivers\/(file-disk|page-copy|zlib-checksum|owned-directory)\.js$/u, "disk"],
  [/\/drivers\//u, "wake-up"],
  [/\/level\/|\/abstract-level\/|\/level-transcoder\//u, "interface"],
  [/\/engine\//u, "descend"],
  [/^node:(fs|zlib|buffer|internal\/(fs|buffer))/u, ""],
  [/^node:/u, "wake-up"],
];

/** What V8 reports that is no function of anybody's. */
const PHASE_OF_STATE: Readonly<Record<string, string>> = {
  "(idle)": "wait",
  "(garbage collector)": "other",
  "(program)": "other",
};

/** The phase of a function, or null if it is that of its caller. */
export function phaseOf(functionName: string, url: string): string | null {
  const state = PHASE_OF_STATE[functionName];
  if (state !== undefined) return state;
  for (const [file, phase] of PHASE_OF_FILE) if (file.test(url)) return phase === "" ? null : phase;
  return null;
}

/** How a function is called in a report, as `search (btree/node-search)`. */
export function nameOf(functionName: string, url: string): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  const place = /(?:\/src\/|\/node_modules\/|^node:|\/bench\/)(.*?)(?:\.js)?$/u.exec(url)?.[1];
  return place === undefined || place === "" ? name : `${name} (${place})`;
}
