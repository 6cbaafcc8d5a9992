import {
  keyText,
  type LatchPicture,
  type PagePicture,
  type TaskPicture,
} from "../picture/index.ts";

/** The fences of a page as an interval: `[20,40)`, `[,40)`. */
export function fenceText({ low, high }: PagePicture): string {
  return `[${keyText(low)},${high === null ? "" : keyText(high)})`;
}

/** A page in words: `leaf page 2, keys 10, 20; a holds it shared; b waits for it exclusively`. */
export function pageWords(
  page: PagePicture,
  isRoot: boolean,
  latch: LatchPicture | undefined,
  tasks: readonly TaskPicture[],
): string {
  if (page.kind === "unreadable") return `page ${page.page}, unreadable${latchWords(latch, tasks)}`;
  const keys = page.entries.map(({ key }) => keyText(key));
  const inside = page.kind === "leaf" ? keysText(keys) : childrenText(page);
  const { low, high } = page;
  const from = low === "" ? "from below all keys" : `from ${keyText(low)}`;
  const to = high === null ? "on" : `to below ${keyText(high)}`;
  const kind = `${isRoot ? "root, " : ""}${page.kind}`;
  return `${kind} page ${page.page}, ${inside}, ${from} ${to}${latchWords(latch, tasks)}`;
}

/** The meta page in words. */
export function metaWords(
  root: number,
  latch: LatchPicture | undefined,
  tasks: readonly TaskPicture[],
): string {
  return `meta page 0, which names page ${root} the root${latchWords(latch, tasks)}`;
}

function keysText(keys: readonly string[]): string {
  return keys.length === 0 ? "empty" : `keys ${keys.join(", ")}`;
}

function childrenText({ entries }: PagePicture): string {
  const [first, ...rest] = entries;
  if (first === undefined) return "without children";
  const others = rest.map(({ key, child }) => `from ${keyText(key)} page ${child}`);
  return [`children page ${first.child}`, ...others].join(", ");
}

const MODES = { S: "shared", U: "for update", X: "exclusively" } as const;

function latchWords(latch: LatchPicture | undefined, tasks: readonly TaskPicture[]): string {
  if (latch === undefined) return "";
  const nameOf = (task: number): string => tasks[task]?.name ?? "";
  const holders = latch.holders.map(
    ({ task, mode }) => `; ${nameOf(task)} holds it ${MODES[mode]}`,
  );
  const waiting = [...latch.queue, ...latch.blocked].map(
    ({ task, mode }) => `; ${nameOf(task)} waits for it ${MODES[mode]}`,
  );
  return [...holders, ...waiting].join("");
}
