import { FIRST_TREE_REDO } from "../storage/index.ts";

// What can be noted of a change to a tree page or the meta page; the operands follow the code.

/** An entry was added to a leaf: key, value. */
export const REDO_INSERT_ENTRY: number = FIRST_TREE_REDO;
/** A child was added to an inner page: separator, u32 child. */
export const REDO_INSERT_CHILD: number = FIRST_TREE_REDO + 1;
/** An entry of an inner page was pointed to another child: u16 index, u32 child. */
export const REDO_SET_CHILD: number = FIRST_TREE_REDO + 2;
/** An entry was removed: u16 index. */
export const REDO_REMOVE_ENTRY: number = FIRST_TREE_REDO + 3;
/** A leaf's value was replaced: u16 index, value. */
export const REDO_REPLACE_VALUE: number = FIRST_TREE_REDO + 4;
/** The meta page was pointed to another root: u32 page. */
export const REDO_SET_ROOT: number = FIRST_TREE_REDO + 5;
