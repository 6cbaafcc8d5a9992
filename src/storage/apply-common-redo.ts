import { LatchworkError } from "../task/errors.ts";
import { pageId } from "./ids.ts";
import { setFlags, setLeft, setRight } from "./page-header.ts";
import {
  REDO_SET_FLAGS,
  REDO_SET_IN_USE,
  REDO_SET_LEFT,
  REDO_SET_RIGHT,
  type RedoReader,
} from "./page-redo.ts";
import type { PageEditor } from "./page-view.ts";
import { setBit } from "./space-pages.ts";

/**
 * Replays one operation on what all pages have in common.
 *
 * @param code The operation, below FIRST_TREE_REDO; its operands are read from `operands`.
 * @throws LatchworkError BAD_LOG for a code or operands that mean nothing.
 */
export function applyCommonRedo(page: PageEditor, code: number, operands: RedoReader): void {
  switch (code) {
    case REDO_SET_LEFT:
      setLeft(page, pageId(operands.u32()));
      return;
    case REDO_SET_RIGHT:
      setRight(page, pageId(operands.u32()));
      return;
    case REDO_SET_FLAGS:
      setFlags(page, operands.u8());
      return;
    case REDO_SET_IN_USE: {
      const bit = operands.u32();
      setBit(page, bit, operands.u8() !== 0);
      return;
    }
    default:
      throw new LatchworkError("BAD_LOG", `no redo operation has code ${code}`);
  }
}
