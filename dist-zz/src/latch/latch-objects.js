/** The ids where one table is all there is: the even ones; everything else has the odd ones. */
export const ONLY_TABLE = { objectOf: (latch) => 2 * latch };
