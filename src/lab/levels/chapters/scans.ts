import type { Reel } from "../../picture/index.ts";
import type { Chapter } from "../level.ts";
import { resultOf } from "../sights.ts";

const TWO_LEAVES = "capacity 2\ntree [10,20][30,40]\n";
const AGAINST = `${TWO_LEAVES}task scan-back\ntask insert 15\n`;

const WITH_20 = "40, 30, 20, 10, and perhaps 15";
const WITHOUT_20 = "40, 30, 15, 10";
const TWICE = "40, 30, 40, 30, 20, 15, 10";

/** Scans along the leaves, to the right and to the left. */
export const SCANS: Chapter = {
  title: "Scans, both ways",
  levels: [
    {
      id: "scan-lets-go",
      title: "From leaf to leaf",
      text:
        "A scan comes down once, and then follows the links from leaf to leaf. This one has read " +
        "the left leaf, notes where its link leads to, and lets go of it. Then it asks for the " +
        "next leaf.\n\n" +
        "You have seen such a gap twice: on the way down, and at the meta page.",
      task: "Let the scan come to a page that has been freed.",
      scenario:
        "protocol crabbing\nbug C8\ncapacity 2\ntree [10,20][30]\ntask scan\ntask delete 30\n",
      goal: {
        kind: "fails",
        failures: ["freed-page"],
        par: { preemptions: 1, steps: 9 },
        solution: "a3b5a",
        wrong: "a4b5",
      },
      hints: [
        "When does the scan hold nothing at all?",
        "Three steps of the scan, the whole delete, one step of the scan.",
      ],
      explanation:
        "Coupling goes for links between leaves as well: hold the leaf until you have the next. " +
        "There are trees in which a scan may let go first, B-link trees; they have another rule " +
        "instead, which keeps dead pages for as long as somebody may be on the way to them. You " +
        "may take one rule or the other, but not one half of each.",
    },
    {
      id: "scan-back-deadlock",
      title: "Against the order",
      text:
        "The scan goes from right to left. It holds its leaf, and waits for the one to the left. " +
        "That is coupling, and it is still wrong here.\n\n" +
        "The insert splits the left leaf. The leaf to the right of it has a link back, which " +
        "must lead to the new page then. So the insert holds the left leaf and asks for the " +
        "right one.",
      task: "Bring the scan and the insert to wait for each other.",
      scenario: `protocol crabbing\nbug C6\n${AGAINST}`,
      goal: {
        kind: "fails",
        failures: ["deadlock"],
        par: { preemptions: 1, steps: 6 },
        solution: "a3b3",
        wrong: "a4b4",
      },
      hints: ["Let each have one leaf: the scan the right one, the insert the left one."],
      explanation:
        "The order of latches here is down, and to the right. A split goes to the right; a scan " +
        "to the left goes against the order, so it may not wait there. It may only try: take " +
        "the latch if it is free at this moment. MariaDB's btr_latch_prev does so for this " +
        "reason, and if the try is refused, lets go and comes again in the right order.",
    },
    {
      id: "scan-back-misses",
      title: "Let go, then go left",
      text:
        "To avoid the deadlock, this scan reads the link to the left, lets go of its leaf, and " +
        "waits for the other with nothing in its hands. No circle can close.\n\n" +
        "Key 20 is in the tree from the beginning to the end.",
      task: "Make the scan miss key 20.",
      scenario: `protocol crabbing\nbug C7\n${AGAINST}`,
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 8 },
        solution: "a3b4a",
        wrong: "a4b4",
      },
      hints: [
        "Where does key 20 go when the left leaf splits?",
        "The split has to come while the scan knows the left leaf and holds nothing.",
      ],
      explanation:
        "A split race again, now sideways. The upper half of the left leaf moved to a new page " +
        "between the two, and the scan stepped over it. The README of PostgreSQL's nbtree " +
        "explains why a link to the left has to be checked after it was followed: does that " +
        "page still lead back to where I came from?",
    },
    {
      id: "scan-back-right",
      title: "Wait, let go, or try?",
      text:
        "Three ways to go left. The first waits for the left leaf and holds its own. The second " +
        "lets go of its own, and then waits. The third only tries: if it is refused, it lets go " +
        "of everything and comes down from the root again, for the keys that it has not given " +
        "yet.\n\n" +
        "You have broken two of them.",
      task: "Prove of one of the three that no order of steps makes it fail.",
      scenario: `protocol crabbing\n${AGAINST}`,
      goal: {
        kind: "holds",
        subjects: [
          { label: "Hold the leaf, and wait", protocol: "crabbing", bug: "C6" },
          { label: "Let go of the leaf, then wait", protocol: "crabbing", bug: "C7" },
          { label: "Try; if refused, come from the root again", protocol: "crabbing", bug: null },
        ],
        solution: "Try; if refused, come from the root again",
        preemptionsMax: null,
      },
      hints: ["The first ends in a circle, the second in a gap."],
      explanation:
        "To try is the usual way out of an order that one cannot keep: it never waits, so it is " +
        "in no circle, and it never lets go before it has the next page, so it has no gap. The " +
        "price is that it may have to come again. Invariant: a task that holds a latch waits " +
        "only for latches that come later in the order.",
    },
    {
      id: "relinked-late",
      title: "A link that is late",
      text:
        "Now the scan is right, and the split is not. To hold less at once, it makes the new " +
        "page known, lets go of everything, and only then corrects the link back of its right " +
        "neighbour. For a moment that link leads to the old page.\n\n" +
        "The insert has just let go of everything; its last step is still to come. Task b scans " +
        "from right to left, all the way.",
      task: "Predict which keys the scan gives.",
      scenario: `protocol crabbing\nbug D2\n${TWO_LEAVES}task insert 15\ntask scan-back\n`,
      goal: {
        kind: "predict",
        question: "Task b runs to its end before the link is corrected. What does it give?",
        schedule: "a3b5a",
        askedAt: 3,
        choices: [WITH_20, WITHOUT_20, TWICE],
        answerIn: (reel) => whatIsGiven(reel),
      },
      hints: ["From 30, the link to the left leads to page 2. What is in page 2 by now?"],
      explanation:
        "Key 20 is on the new page, and no link of the scan leads there yet. At rest the tree is " +
        "right again, so a check of the tree afterwards finds nothing; only the answer is wrong. " +
        "The right split latches the neighbour before it lets go of the new page. orioledb #1036 " +
        "has this symptom: scans to the left step over a leaf while leaves split.",
    },
  ],
};

function whatIsGiven(reel: Reel): string {
  const given = resultOf(reel.at(reel.length - 1), "scan-back") ?? "";
  const keys: readonly string[] = given.match(/\d+/g) ?? [];
  if (new Set(keys).size < keys.length) return TWICE;
  return keys.includes("20") ? WITH_20 : WITHOUT_20;
}
