import {
  FIRST_TREE_REDO,
  pageId,
  PageRedo,
  type PageEditor,
  setLsn,
  setVersion,
  versionOf,
} from "../../src/storage/index.ts";
import type { Lsn } from "../../src/storage/index.ts";
import type { Log, PageChange } from "../../src/wal/index.ts";
import { blankPage } from "../support/pages.ts";

export const PAGE_SIZE = 512;
const PLACE_FROM = 48;

/** A little store: pages whose only change is that one byte of their body is set. */
export class BytePages {
  readonly pages: Map<number, PageEditor> = new Map();

  page(id: number): PageEditor {
    const known = this.pages.get(id);
    if (known !== undefined) return known;
    const page = blankPage(PAGE_SIZE);
    page.view.setUint32(4, id, true);
    this.pages.set(id, page);
    return page;
  }

  /** Sets one byte on each of some pages, as one group; gives its position. */
  change(log: Log, ids: readonly number[], place: number, value: number): Lsn {
    const changes = ids.map((id): PageChange => {
      const page = this.page(id);
      const redo = new PageRedo();
      redo.begin(FIRST_TREE_REDO);
      redo.u16(place);
      redo.u8(value);
      page.bytes[PLACE_FROM + place] = value;
      return { id: pageId(id), page, redo, unusedFrom: 448, unusedTo: 480 };
    });
    const position = log.append(changes);
    for (const { page } of changes) {
      setLsn(page as PageEditor, position);
      setVersion(page as PageEditor, versionOf(page) + 1);
    }
    return position;
  }
}

/** Redo of what {@link BytePages} logs. */
export function applyByte(page: PageEditor, operations: Uint8Array): void {
  const view = new DataView(operations.buffer, operations.byteOffset, operations.length);
  page.bytes[PLACE_FROM + view.getUint16(1, true)] = view.getUint8(3);
}
