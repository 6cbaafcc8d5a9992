/**
 * How much a search tries before it does more. They decide how long a check takes, never what it
 * finds: tests make them tiny, so that short histories go where only long ones would.
 */
export interface SearchSizes {
  /** Width of a frontier that is tried first, and how much wider each further try is. */
  readonly width: number;
  readonly wider: number;
  /** Configurations to choose from, and expansions that one event may cost, in widths. */
  readonly choice: number;
  readonly effort: number;
  /** Tries with a narrow frontier at the same place, before everything is kept. */
  readonly tries: number;
  /** Events between two checkpoints, and how many are held. */
  readonly spacing: number;
  readonly held: number;
  /** Nodes of the log, and vectors of a table, that are worth collecting. */
  readonly nodes: number;
  readonly vectors: number;
}

export const SEARCH_SIZES: SearchSizes = {
  width: 16,
  wider: 3,
  choice: 2,
  effort: 64,
  tries: 7,
  spacing: 64,
  held: 64,
  nodes: 65_536,
  vectors: 4_096,
};
