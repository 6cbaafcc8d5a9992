import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyRedo,
  copyHighFence,
  countOf,
  find,
  formatMetaPage,
  hasRoomFor,
  hasRoomToReplace,
  insertChild,
  insertEntry,
  removeEntry,
  replaceValue,
  setChild,
  setRoot,
  splitPage,
  treeParameters,
} from "../../src/btree/index.ts";
import {
  asEditor,
  formatSpacePage,
  type PageEditor,
  PageFrame,
  pageId,
  PageRedo,
  setFlags,
  setInUse,
  setLeft,
  setRight,
} from "../../src/storage/index.ts";
import { faultOf } from "../support/fault-of.ts";
import { blankPage, bytesOf, pageWith } from "../support/pages.ts";

const params = treeParameters(512, 0);

/** An editor over the page that notes what is done. */
function noting(page: PageEditor): { page: PageEditor; redo: PageRedo } {
  const redo = new PageRedo();
  const frame = new PageFrame(page.bytes.buffer, page.bytes.byteOffset, page.bytes.length);
  frame.redo = redo;
  return { page: asEditor(frame), redo };
}

type Edit = readonly [kind: number, key: string, size: number];

function edit(page: PageEditor, [kind, text, size]: Edit, isLeaf: boolean): void {
  const key = bytesOf(`k${text}`);
  const value = new Uint8Array(size).fill(kind);
  const index = find(page, key);
  if (kind === 0) setLeft(page, pageId(size));
  else if (kind === 1) setRight(page, pageId(size));
  else if (kind === 2) setFlags(page, (size & 4) | 0);
  else if (index < 0) {
    if (!hasRoomFor(page, params, key.length, size)) return;
    if (isLeaf) insertEntry(page, key, value);
    else if (countOf(page) > 0) insertChild(page, key, pageId(size + 2));
  } else if (kind < 7) {
    if (isLeaf || index > 0) removeEntry(page, index);
  } else if (!isLeaf) setChild(page, index, pageId(size));
  else if (hasRoomToReplace(page, index, size)) replaceValue(page, index, value);
}

const edits = fc.array(fc.tuple(fc.nat(9), fc.stringMatching(/^[a-d]{0,3}$/u), fc.nat(60)), {
  maxLength: 80,
  size: "max",
});

describe("redo", () => {
  it.each([true, false])("makes the same bytes as the edits it noted; leaf: %s", (isLeaf) => {
    const run = fc.property(edits, edits, (before, after) => {
      const page = pageWith({ low: "k", high: "l", level: isLeaf ? 0 : 1 });
      if (!isLeaf) insertChild(page, bytesOf("k"), pageId(9));
      for (const each of before) edit(page, each, isLeaf);
      const copy = blankPage();
      copy.bytes.set(page.bytes);
      const { page: noted, redo } = noting(page);
      for (const each of after) edit(noted, each, isLeaf);
      applyRedo(copy, redo.operations);
      expect(copy.bytes).toEqual(page.bytes);
    });
    fc.assert(run, { numRuns: 200 });
  });

  it("notes roots and bits of free space", () => {
    const meta = blankPage();
    formatMetaPage(meta, params, pageId(2));
    const space = blankPage();
    formatSpacePage(space);
    for (const [page, change] of [
      [meta, (noted: PageEditor) => setRoot(noted, pageId(77))],
      [space, (noted: PageEditor) => setInUse(noted, pageId(3000), true)],
      [space, (noted: PageEditor) => setInUse(noted, pageId(1), false)],
    ] as const) {
      const copy = blankPage();
      copy.bytes.set(page.bytes);
      const { page: noted, redo } = noting(page);
      change(noted);
      expect(copy.bytes).not.toEqual(page.bytes);
      applyRedo(copy, redo.operations);
      expect(copy.bytes).toEqual(page.bytes);
    }
  });

  it("gives a page up to be logged whole when it is split", () => {
    const { page, redo } = noting(pageWith({ low: "k", high: "l" }));
    const { page: right, redo: rightRedo } = noting(blankPage());
    for (const key of ["ka", "kb", "kc"]) insertEntry(page, bytesOf(key), bytesOf("v"));
    expect(redo.isWhole).toBe(false);
    splitPage(page, right, pageId(3), params, null);
    expect([redo.isWhole, rightRedo.isWhole]).toEqual([true, true]);
    expect(copyHighFence(page)).not.toBeNull();
  });

  it("refuses operations that make no sense with BAD_LOG, and never otherwise", () => {
    const pages = [pageWith({ low: "k", high: "l" }), blankPage(), blankPage()];
    const [leaf, meta, space] = pages;
    if (leaf === undefined || meta === undefined || space === undefined) return;
    formatMetaPage(meta, params, pageId(2));
    formatSpacePage(space);
    insertEntry(leaf, bytesOf("kk"), bytesOf("v"));
    const code = fc.oneof(fc.nat(255), fc.constantFrom(1, 2, 3, 4, 16, 17, 18, 19, 20, 21));
    const operations = fc.tuple(code, fc.uint8Array({ maxLength: 12 }), fc.nat(2));
    let refused = 0;
    const run = fc.property(operations, ([first, rest, which]) => {
      const page = blankPage();
      page.bytes.set(pages[which]?.bytes ?? []);
      const fault = faultOf(() => applyRedo(page, Uint8Array.of(first, ...rest)));
      if (fault !== null) refused++;
      expect(fault?.code ?? "BAD_LOG").toBe("BAD_LOG");
    });
    fc.assert(run, { numRuns: 2000 });
    expect(refused).toBeGreaterThan(500);
  });
});
