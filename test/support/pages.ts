import {
  asEditor,
  type PageEditor,
  PageFrame,
  pageId,
  type PageView,
} from "../../src/storage/index.ts";
import { copyKey, copyValue, countOf, formatPage, isLeaf, childAt } from "../../src/btree/index.ts";

/** The right to change any bytes at all, for tests. */
export function editorOver(bytes: Uint8Array): PageEditor {
  return asEditor(new PageFrame(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** A page of zeros. */
export function blankPage(pageSize: number = 512): PageEditor {
  return editorOver(new Uint8Array(pageSize));
}

/** The bytes of a text, one a character. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The text of such bytes. */
export function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** An empty page with the given fences; `high` null for none. */
export function pageWith(options: {
  readonly low?: string;
  readonly high?: string | null;
  readonly level?: number;
  readonly pageSize?: number;
  readonly id?: number;
}): PageEditor {
  const page = blankPage(options.pageSize);
  const high = options.high ?? null;
  formatPage(page, {
    id: pageId(options.id ?? 2),
    level: options.level ?? 0,
    low: bytesOf(options.low ?? ""),
    high: high === null ? null : bytesOf(high),
    left: pageId(0),
    right: pageId(0),
  });
  return page;
}

/** The page's entries as text: `key=value`, or `key>child` for an inner page. */
export function entriesOf(page: PageView): string[] {
  const entries: string[] = [];
  for (let index = 0; index < countOf(page); index++) {
    const key = textOf(copyKey(page, index));
    const rest = isLeaf(page) ? `=${textOf(copyValue(page, index))}` : `>${childAt(page, index)}`;
    entries.push(key + rest);
  }
  return entries;
}
