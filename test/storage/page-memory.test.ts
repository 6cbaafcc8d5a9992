import { describe, expect, it } from "vitest";
import {
  asEditor,
  formatHeader,
  formatSpacePage,
  lsn,
  lsnOf,
  NO_PAGE,
  pageId,
  PageMemory,
  setLsn,
  setVersion,
  SPACE_PAGE,
  versionOf,
} from "../../src/storage/index.ts";
import { InvariantViolation } from "../../src/task/assert.ts";
import { blankPage } from "../support/pages.ts";

function freshMemory(): PageMemory {
  const memory = new PageMemory({ pageSize: 512, chunkBytes: 2048 });
  formatSpacePage(asEditor(memory.frame(SPACE_PAGE)));
  return memory;
}

describe("PageMemory", () => {
  it("shows a page as the same object always, while it grows", () => {
    const memory = freshMemory();
    const first = memory.frame(pageId(3));
    expect(memory.capacity).toBe(4);
    memory.ensure(9);
    expect(memory.capacity).toBe(12);
    expect(memory.frame(pageId(3))).toBe(first);
    expect(first.bytes.length).toBe(512);
    expect(first.view.byteLength).toBe(512);
  });

  it("has no page beyond its capacity", () => {
    expect(() => freshMemory().frame(pageId(4))).toThrow(InvariantViolation);
    expect(() => freshMemory().frame(pageId(4_000_000_000))).toThrow(InvariantViolation);
  });

  it("lays pages over shared buffers, and over another memory's", () => {
    const memory = new PageMemory({ pageSize: 512, chunkBytes: 1024, shared: true });
    memory.ensure(4);
    const other = new PageMemory({ pageSize: 512, shared: true, buffers: memory.buffers });
    memory.frame(pageId(3)).bytes[5] = 77;
    expect(memory.buffers[0]).toBeInstanceOf(SharedArrayBuffer);
    expect(other.capacity).toBe(4);
    expect(other.frame(pageId(3)).bytes[5]).toBe(77);
  });

  it("restores a snapshot in place and clears what came after", () => {
    const memory = freshMemory();
    memory.ensure(12);
    for (const id of [0, 3, 5]) memory.frame(pageId(id)).bytes.fill(id + 1);
    const snapshot = memory.snapshot();
    for (const id of [0, 3, 5, 7, 8]) memory.frame(pageId(id)).bytes.fill(99);
    memory.restore(snapshot);
    const bytes = [0, 2, 3, 5, 7, 8].map((id) => memory.frame(pageId(id)).bytes[511]);
    expect(bytes).toEqual([1, 0, 4, 6, 0, 0]);
  });
});

describe("the header", () => {
  it("keeps LSN and version when a page is formatted anew", () => {
    const page = blankPage();
    setLsn(page, lsn(2 ** 53 - 1));
    setVersion(page, 4_000_000_000);
    page.bytes.fill(1, 100);
    formatHeader(page, pageId(9), 3);
    expect(lsnOf(page)).toBe(2 ** 53 - 1);
    expect(versionOf(page)).toBe(4_000_000_000);
    expect(page.bytes.subarray(48).every((byte) => byte === 0)).toBe(true);
    expect(NO_PAGE).toBe(0);
  });
});
