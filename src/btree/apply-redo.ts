import {
  applyCommonRedo,
  FIRST_TREE_REDO,
  HIGHEST_LEVEL,
  levelOf,
  META_LEVEL,
  pageId,
  type PageEditor,
  pageIdOf,
  RedoReader,
} from "../storage/index.ts";
import { InvariantViolation, LatchworkError } from "../task/index.ts";
import { setRoot } from "./meta-page.ts";
import { insertChild, insertEntry, removeEntry, replaceValue, setChild } from "./node-edit.ts";
import {
  REDO_INSERT_CHILD,
  REDO_INSERT_ENTRY,
  REDO_REMOVE_ENTRY,
  REDO_REPLACE_VALUE,
  REDO_SET_CHILD,
  REDO_SET_ROOT,
} from "./redo-codes.ts";

/**
 * Replays on a page what a PageRedo noted of another copy of it, by the very functions that noted
 * it, so that the two have the same bytes afterwards. Log position and version are the caller's.
 *
 * @throws LatchworkError BAD_LOG if the operations make no sense on this page. It may be half
 *   changed then.
 */
export function applyRedo(page: PageEditor, operations: Uint8Array): void {
  const reader = new RedoReader(operations);
  try {
    while (!reader.isAtEnd) applyOne(page, reader);
  } catch (error) {
    // Elsewhere a broken requirement is our bug; here it shows that the log is damaged.
    const isNonsense = error instanceof InvariantViolation || error instanceof RangeError;
    throw isNonsense ? misfit(page, error.message) : error;
  }
}

function applyOne(page: PageEditor, operands: RedoReader): void {
  const code = operands.u8();
  if (code < FIRST_TREE_REDO) applyCommonRedo(page, code, operands);
  else if (code === REDO_SET_ROOT) {
    if (levelOf(page) !== META_LEVEL) throw misfit(page, "only a meta page has a root");
    setRoot(page, pageId(operands.u32()));
  } else {
    if (levelOf(page) > HIGHEST_LEVEL) throw misfit(page, "only tree pages have entries");
    applyToNode(page, code, operands);
  }
}

function applyToNode(page: PageEditor, code: number, operands: RedoReader): void {
  switch (code) {
    case REDO_INSERT_ENTRY: {
      const key = operands.bytes();
      insertEntry(page, key, operands.bytes());
      return;
    }
    case REDO_INSERT_CHILD: {
      const separator = operands.bytes();
      insertChild(page, separator, pageId(operands.u32()));
      return;
    }
    case REDO_SET_CHILD: {
      const index = operands.u16();
      setChild(page, index, pageId(operands.u32()));
      return;
    }
    case REDO_REMOVE_ENTRY:
      removeEntry(page, operands.u16());
      return;
    case REDO_REPLACE_VALUE: {
      const index = operands.u16();
      replaceValue(page, index, operands.bytes());
      return;
    }
    default:
      throw misfit(page, `no redo operation has code ${code}`);
  }
}

function misfit(page: PageEditor, why: string): LatchworkError {
  const what = `a redo operation does not fit page ${pageIdOf(page)}`;
  return new LatchworkError("BAD_LOG", `${what}: ${why}`);
}
