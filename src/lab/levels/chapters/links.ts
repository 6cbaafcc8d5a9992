import type { Chapter } from "../level.ts";
import { linesOfKind } from "../sights.ts";

/** Trees that leave the gap open, and mend it by a link. */
export const LINKS: Chapter = {
  title: "Links to the right",
  levels: [
    {
      id: "move-right",
      title: "Late, but not lost",
      text:
        "A B-link tree has another answer to the split race. Its readers hold one latch at a " +
        "time, and let go of the root before they have the leaf: the very gap of the sixth " +
        "level. But each page knows its high fence, the key at which the next page begins, and " +
        "has a link to it. A reader that comes to a page and looks for a key beyond its fence " +
        "knows that it has come too late, and moves right.\n\n" +
        "Same tree, same operations as in the split race.",
      task: "Bring the reader to move right, to the page that the split has made.",
      scenario: "protocol b-link\ncapacity 3\ntree [10,20,30][40]\ntask get 30\ntask insert 15\n",
      goal: {
        kind: "reach",
        state: "task a has latched the page to the right",
        isReached: (sight) =>
          linesOfKind(sight, "latch-granted").some(
            (line) => line["task"] === 0 && line["site"] === "sibling",
          ),
        par: { preemptions: 1, steps: 9 },
        solution: "a2b5a2",
        wrong: "a3b5",
      },
      hints: [
        "Do what made the reader miss key 30 in the split race.",
        "Two steps of a, the insert to its end, then a again.",
      ],
      explanation:
        "The race is still there, and it does no harm: the pointer of the parent may be out of " +
        "date, but it is only ever too far to the left, and to the right there is a link. So the " +
        "rule is not that pointers stay true, but that whoever follows an old one finds the " +
        "way. Lehman and Yao found this in 1981; PostgreSQL's nbtree is such a tree.",
    },
    {
      id: "root-not-moved",
      title: "Everywhere but at the root",
      text:
        "This reader moves right on every page but one. It takes the root for a page that has " +
        "nothing to its right, since a root has no neighbours.\n\n" +
        "That is true of a root. Is it still the root when the reader comes to it?",
      task: "Make the reader miss key 20.",
      scenario: "protocol b-link\nbug B1\ncapacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 6 },
        solution: "ab4a",
        wrong: "a2b4",
      },
      hints: ["The root has to split after the reader has learnt which page it is."],
      explanation:
        "A root that is split is the left half of its level, and has a neighbour. The check has " +
        "to be made on every page that a pointer was followed to, and the number of the root in " +
        "the meta page is a pointer. PostgreSQL mended this in 5925377401; its author thought " +
        "that the bug had been there forever.",
    },
    {
      id: "dead-pages",
      title: "Past the dead",
      text:
        "Pages that are merged away cannot be given back at once here: somebody may be on the " +
        "way to them, holding nothing. So they stay for a while, marked as dead. Who comes to " +
        "one must know where its keys went. In this tree they went to the left neighbour.\n\n" +
        "This reader moves right instead, as it does when it comes late to a split.",
      task: "Make the reader miss key 30.",
      scenario:
        "protocol b-link\nbug B20\ncapacity 3\ntree [10][30][50,60,70]\n" +
        "task get 30\ntask delete 10\n",
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 15 },
        solution: "a2b11a2",
        wrong: "a3b11",
      },
      hints: [
        "Key 30 moves to the left leaf, when that is empty.",
        "Stop the reader once it has read the root, and let the whole delete pass.",
      ],
      explanation:
        "There are two good ways to delete pages. PostgreSQL deletes only empty pages, and gives " +
        "their range to the right, so a reader moves right. Lanin and Shasha move keys to the " +
        "left, and a reader must go left. Half of one and half of the other is a bug. Invariant: " +
        "from every page to which anybody may still be on the way, a path leads to its keys.",
    },
    {
      id: "foster-child",
      title: "The parent does not know yet",
      text:
        "In a foster tree a split tells only the page that is split: it has a link to its new " +
        "neighbour, its foster child, until the parent adopts that. Nothing above has to be " +
        "latched to split a page.\n\n" +
        "This delete comes down with S, lets go of its page for a moment, and takes it again in " +
        "X. It looked for a foster child before, and does not look again.",
      task: "Let the delete say that key 20 is not there.",
      scenario:
        "protocol foster\nbug F5\ncapacity 2\ntree [10,20]\ntask insert 15\ntask delete 20\n",
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 6 },
        solution: "b2a3b",
        wrong: "a3b19",
      },
      hints: [
        "Between the S and the X of the delete there is a gap.",
        "Two steps of the delete, the whole insert, one step of the delete.",
      ],
      explanation:
        "To let go and take again is a gap, even if it is the same page both times. Whatever was " +
        "seen before has to be looked at once more. PostgreSQL's _bt_search moves right once " +
        "more after the same pair of latches, for just this reason.",
    },
  ],
};
