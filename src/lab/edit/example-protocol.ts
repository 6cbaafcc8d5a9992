/** A protocol of one's own to begin from: it breaks one rule, and a hunt finds it. */
export const EXAMPLE_PROTOCOL: string = `import { Crabbing, rightOf } from "latchwork";

// As crabbing, but a scan lets its leaf go before it has the next one.
export class Mine extends Crabbing {
  name = "mine";

  *stepRight(op, leaf) {
    const id = rightOf(leaf);
    leaf.release(); // from here on the next leaf may be merged away
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next;
  }
}
`;

/** A scenario in which it goes wrong under some schedules. */
export const EXAMPLE_SCENARIO: string = `protocol mine
capacity 2
tree [10,20][30]
task scan
task delete 30
`;
