import type { Reel } from "../../picture/index.ts";
import type { Chapter } from "../level.ts";
import { leafWith, resultOf, waitsFor } from "../sights.ts";

const OLD = "In the old leaf, page 2";
const NEW = "In the new leaf, page 5";
const RIGHT = "In the right leaf, page 3";

const SPLITS = "It goes down and splits the leaf, before the reader gets there";
const WAITS = "It waits at the root, which the reader holds";
const FAILS = "It gives up, and says that key 15 is not there";

const TREE = "capacity 3\ntree [10,20,30][40]\n";
const RACE = `${TREE}task get 30\ntask insert 15\n`;

/** The bug that this lab is for, and what keeps it away. */
export const SPLIT_RACE: Chapter = {
  title: "The split race",
  levels: [
    {
      id: "a-split",
      title: "A split moves keys",
      text:
        "A leaf here has room for three keys, and the left one is full. Key 15 belongs into it. " +
        "So it has to be split: a new leaf is taken into use, the upper half of the keys moves " +
        "there, and the root gets an entry for it.\n\n" +
        "Task a holds X on the root, which it is going to change, and its next step is at the " +
        "leaf.",
      task: "Predict where key 30 is when the insert is done.",
      scenario: `protocol crabbing\n${TREE}task insert 15\n`,
      goal: {
        kind: "predict",
        question: "The leaf [10,20,30] is split to make room for 15. Where is key 30 then?",
        schedule: "a4",
        askedAt: 2,
        choices: [OLD, NEW, RIGHT],
        answerIn: (reel) => whereIs30(reel),
      },
      hints: ["The new leaf takes the upper half."],
      explanation:
        "Key 30 has moved to another page. Who looks for it from the root finds the new entry " +
        "there and comes to the new leaf. But somebody may have read the root before the split, " +
        "and be on its way to the old leaf. Keep that thought for the next level.",
    },
    {
      id: "split-race",
      title: "The split race",
      text:
        "Here the reader has a bug. Coming down, it reads in the root which leaf to go to, and " +
        "lets go of the root. Only with its next step does it take the latch of the leaf. In " +
        "between it holds nothing at all.\n\n" +
        "Key 30 is in the tree from the beginning to the end, so the only right answer is to " +
        "find it. Task b inserts key 15, which splits the leaf, as you have just seen.",
      task: "Make the reader miss key 30.",
      scenario: `protocol crabbing\nbug C1\n${RACE}`,
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 7 },
        solution: "a2b4a",
        wrong: "a3b4",
      },
      hints: [
        "The reader has to know its leaf before the split, and come there after it.",
        "Let task a go until it holds nothing: two steps. It has read the root by then.",
        "Then let task b do its whole insert, and then task a its last step.",
      ],
      explanation:
        "This is a split race. The reader learnt from the root that 30 is in page 2. That was " +
        "true then, and it held nothing that kept it true. While it held nothing, the split " +
        "moved 30 to the new page. The reader came to page 2, did not find the key and said " +
        "that there is none. No page was read while somebody wrote it, and every latch was " +
        "taken and given back properly. What is wrong is the gap between two latches.",
    },
    {
      id: "coupling",
      title: "The same, with coupling",
      text:
        "The same tree, the same operations. But this reader is right: it lets go of the root " +
        "only when it has the latch of the leaf. There is no moment at which it holds nothing. " +
        "This is called latch coupling, or crabbing, after the way a crab walks.\n\n" +
        "Task a has read the root and still holds S on it. Task b, the insert, holds X on the " +
        "meta page and wants the root next, in X, as it will have to change it. In the level " +
        "before, it could go on from here.",
      task: "Predict what the insert does at its next step.",
      scenario: `protocol crabbing\n${RACE}`,
      goal: {
        kind: "predict",
        question: "Task b goes next. What happens?",
        schedule: "a2b2ab3",
        askedAt: 3,
        choices: [SPLITS, WAITS, FAILS],
        answerIn: (reel, askedAt) => whatTheInsertDoes(reel, askedAt),
      },
      hints: ["X goes with nothing, and the reader holds S on the root."],
      explanation:
        "The insert waits. To split the leaf it must change the root, so it needs X there; and " +
        "the reader holds S on the root until it has the leaf. So the split comes before the " +
        "reader has read the root, or after the reader has latched the leaf. It cannot come in " +
        "between. The pointer that the reader follows stays true for as long as it needs it, " +
        "because it holds the page in which the pointer stands.",
    },
    {
      id: "coupling-proved",
      title: "Show that it cannot happen",
      text:
        "You have seen one order of steps in which coupling keeps the split away. That shows " +
        "nothing about all the others. But this scenario is small: every order of its steps can " +
        "be run, and each answer be checked. If none fails, it is proved for this scenario.\n\n" +
        "Two readers are offered. One couples, the other lets go of the page first. Choose the " +
        "one of which you think that it never misses key 30, and have it proved.",
      task: "Prove of one reader that no order of steps makes it fail.",
      scenario: `protocol crabbing\n${RACE}`,
      goal: {
        kind: "holds",
        subjects: [
          {
            label: "The reader lets go of a page, then latches the next",
            protocol: "crabbing",
            bug: "C1",
          },
          {
            label: "The reader latches the next page, then lets go",
            protocol: "crabbing",
            bug: null,
          },
        ],
        solution: "The reader latches the next page, then lets go",
        preemptionsMax: null,
      },
      hints: ["Which of the two has a moment at which it holds nothing?"],
      explanation:
        "The invariant of latch coupling: on the way down, a task holds the page from which it " +
        "follows a pointer until it holds the page to which the pointer leads. A split changes " +
        "both pages and needs X on both, so it is before or after, and never in between. Now " +
        "say it in your own words: what is a split race, and why does coupling prevent it? The " +
        "bug was found in many student engines of the BusTub class.",
    },
  ],
};

function whereIs30(reel: Reel): string {
  const page = leafWith(reel.at(reel.length - 1), 30)?.page;
  if (page === 2) return OLD;
  return page === 3 ? RIGHT : NEW;
}

function whatTheInsertDoes(reel: Reel, askedAt: number): string {
  if (waitsFor(reel.at(askedAt + 1), "b", "a")) return WAITS;
  const end = resultOf(reel.at(reel.length - 1), "insert 15");
  return end?.startsWith("-> value") === true ? SPLITS : FAILS;
}
