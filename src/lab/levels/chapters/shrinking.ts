import type { Chapter } from "../level.ts";
import { happened } from "../sights.ts";

/** Merges, and pages that are given back. */
export const SHRINKING: Chapter = {
  title: "Merges",
  levels: [
    {
      id: "a-merge",
      title: "A page goes away",
      text:
        "Task b deletes key 30, the only key of the right leaf. An empty leaf is merged into its " +
        "left neighbour, and its page is given back, to be used for something else. The root is " +
        "left with one child then, so it goes away too, and the tree is one leaf.\n\n" +
        "Look at how the delete gets there: it lets go of the right leaf, latches the left one, " +
        "and then the right one again. To the left it must not wait while it holds something " +
        "on the right. You know why.",
      task: "Let the merge happen while the reader has not begun.",
      scenario: "protocol crabbing\ncapacity 2\ntree [10,20][30]\ntask get 30\ntask delete 30\n",
      goal: {
        kind: "reach",
        state: "the leaves are merged, and task a has not begun",
        isReached: (sight) =>
          happened(sight, "merge") && sight.picture.tasks[0]?.operations[0]?.state === "to come",
        par: { preemptions: 0, steps: 5 },
        solution: "b5",
        wrong: "a3b5",
      },
      hints: ["Only task b has to move."],
      explanation:
        "A split moves keys to a page that a reader does not know yet. A merge is worse: it " +
        "takes away a page that a reader may know already. When the delete let go of the right " +
        "leaf for a moment, it kept X on the root, so nobody could come to either leaf from " +
        "above meanwhile.",
    },
    {
      id: "freed-page",
      title: "On the way to nowhere",
      text:
        "The reader that lets go too early is back: with its second step it reads in the root " +
        "that 30 is in page 3, and lets go of the root. The delete is the one that you have " +
        "just seen.\n\n" +
        "In the split race it came to a page that had lost the key. What can it come to now?",
      task: "Let the reader come to a page that is no page of the tree any more.",
      scenario:
        "protocol crabbing\nbug C2\ncapacity 2\ntree [10,20][30]\ntask get 30\ntask delete 30\n",
      goal: {
        kind: "fails",
        failures: ["freed-page"],
        par: { preemptions: 1, steps: 8 },
        solution: "a2b5a",
        wrong: "a3b5",
      },
      hints: [
        "As in the split race: stop the reader in the gap.",
        "Two steps of a, the whole delete, one step of a.",
      ],
      explanation:
        "The page was given back, and the next insert might already use it for something else: " +
        "another table, another level. Whoever reads it takes foreign bytes for its own. Here a " +
        "page that is given back is watched, so the mistake is seen at once; in a real engine " +
        "it is a wrong answer once a month. Coupling prevents it as it prevents the split race: " +
        "the delete needs X on the root, and the reader holds S.",
    },
    {
      id: "freed-too-early",
      title: "Freed before it is forgotten",
      text:
        "Three leaves. The delete empties the first, so the second is merged into it. The third " +
        "has a link to its left neighbour, and that neighbour goes away. This version gives the " +
        "page back first, lets go of it, and only then corrects the link of the third leaf.\n\n" +
        "Task b scans from right to left. The pointer that it follows is not in a parent, but in " +
        "a leaf.",
      task: "Let the scan follow the link while it leads to a freed page.",
      scenario:
        "protocol crabbing\nbug D10\ncapacity 3\ntree [10][20][30]\n" +
        "task delete 10\ntask scan-back\n",
      goal: {
        kind: "fails",
        failures: ["freed-page"],
        par: { preemptions: 1, steps: 9 },
        solution: "b3a5b",
        wrong: "a5b4",
      },
      hints: [
        "The scan has to be in the third leaf before its link is corrected.",
        "Watch for the step with which the delete frees a page; then let b go on to its end.",
      ],
      explanation:
        "Links to neighbours are pointers too. Invariant: a page may be given back only when no " +
        "pointer leads to it any more, neither from above nor from either side. So a merge needs " +
        "the right neighbour in X as well, before it gives anything back. PostgreSQL unlinks a " +
        "page from both neighbours first, for this reason.",
    },
  ],
};
