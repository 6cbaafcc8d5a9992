import type { Reel } from "../../picture/index.ts";
import type { Chapter } from "../level.ts";
import { happened, operationIn } from "../sights.ts";

const LEAF_ONLY = "Only its leaf";
const ROOT_TOO = "Its leaf and the root";
const ALL = "Its leaf, the root and the meta page";

const SAFE = "capacity 3\ntree [10,20][30,40,50]\n";

/** Which pages a writer has to keep on its way down, and what becomes of the root. */
export const GROWING: Chapter = {
  title: "Splits that go up",
  levels: [
    {
      id: "safe-pages",
      title: "What a writer may let go of",
      text:
        "A split of a leaf gives its parent one more entry. If the parent is full, it splits " +
        "too, and so on, up to the root. So a writer would have to hold all pages from the root " +
        "down. It need not: a page that has room for one more entry will not split, whatever " +
        "happens below. It is called safe, and everything above a safe page may be let go.\n\n" +
        "A page here has room for three entries. Task a inserts 35, which belongs to the full " +
        "leaf [30,40,50]. It holds X on the root, which has two entries.",
      task: "Predict what the insert holds while it splits the leaf.",
      scenario: `protocol crabbing\n${SAFE}task insert 35\ntask get 10\n`,
      goal: {
        kind: "predict",
        question: "The root has room for one more entry. What does task a keep latched?",
        schedule: "a3b3",
        askedAt: 2,
        choices: [LEAF_ONLY, ROOT_TOO, ALL],
        answerIn: (reel) => whatIsKept(reel),
      },
      hints: ["The root gets an entry, but will not split. The leaf will."],
      explanation:
        "The root is safe: it will be changed, but not split, so nothing above it changes. The " +
        "meta page could be let go when the root was latched; the root must be kept, as the " +
        "leaf is full. The rule: keep the lowest safe page and all below it. With large pages " +
        "nearly every page is safe, and a writer mostly holds one or two.",
    },
    {
      id: "called-safe",
      title: "Wrong by one",
      text:
        "In this version a page is called safe for an insert as long as it is not over its " +
        "limit. A full page is called safe too. It is the slip that everybody makes once: < or " +
        "<=.\n\n" +
        "The left leaf is full. Task b deletes one of its keys, so it need not stay so.",
      task: "Make the insert come to a split that it cannot finish.",
      scenario:
        "protocol crabbing\nbug C4\ncapacity 2\ntree [10,20][30]\n" +
        "task insert 15\ntask delete 20\n",
      goal: {
        kind: "fails",
        failures: ["exception"],
        par: { preemptions: 0, steps: 3 },
        solution: "a3",
        wrong: "b3a3",
      },
      hints: [
        "When is the leaf full? No race is needed.",
        "Let task a go first, and on until something happens.",
      ],
      explanation:
        "The insert let go of the root since it took the full leaf for safe. Then the leaf " +
        "splits, and the new entry has nowhere to go: the root is not held any more, and may " +
        "have changed. It needs no second task at all, so any test would find it, if only one " +
        "test fills a page exactly. Invariant: whoever holds X on a page that may split also " +
        "holds X on its parent.",
    },
    {
      id: "root-grows",
      title: "A tree grows at the top",
      text:
        "Here the root is a leaf, and full. The insert splits it in two. Two pages need a page " +
        "above them, so a new root is made, and the meta page is changed to name it. That is " +
        "the only way in which a B+ tree gets a new level.\n\n" +
        "The reader has to be on its way while it happens.",
      task: "Let the root change while the reader has begun, and waits.",
      scenario: "protocol crabbing\ncapacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
      goal: {
        kind: "reach",
        state: "the root changes while task a is in line",
        isReached: (sight) =>
          happened(sight, "root") && operationIn(sight.picture, "get 20")?.state === "runs",
        par: { preemptions: 1, steps: 3 },
        solution: "bab",
        wrong: "a2b2",
      },
      hints: ["The insert has to hold the meta page when the reader asks for it."],
      explanation:
        "The insert held X on the meta page all the time, because the root was full, and not " +
        "safe. So the reader stood in line at the meta page, and reads it only now: it finds " +
        "the new root. The meta page is to the root what any parent is to its child.",
    },
    {
      id: "root-race",
      title: "Which page is the root?",
      text:
        "The reader looks up in the meta page which page is the root, and lets go. Then it " +
        "latches that page and couples all the way down, without a mistake. Many programs keep " +
        "the number of the root in a variable and do just this.\n\n" +
        "You know the split race. Find it here.",
      task: "Make the reader miss key 20.",
      scenario:
        "protocol crabbing\nbug C3\ncapacity 2\ntree [10,20]\ntask get 20\ntask insert 15\n",
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 4 },
        solution: "ab2a",
        wrong: "a2b2",
      },
      hints: [
        "After its first step the reader knows the root and holds nothing.",
        "One step of a, the whole insert, one step of a.",
      ],
      explanation:
        "Page 2 was the root when the reader asked, and was the left half of the tree when it " +
        "came there. The number of the root is a pointer like any other, and the meta page is " +
        "the page in which it stands: coupling begins there. Engines of the BusTub class had " +
        "this race, as they guarded the number with a latch of its own and let go of it too " +
        "early.",
    },
  ],
};

function whatIsKept(reel: Reel): string {
  const split = reel.film.stops.findIndex(({ lines }) =>
    lines.some((line) => line["kind"] === "page-split"),
  );
  // What is held while it splits is what it held before, and what it takes in that step.
  const held = reel.at(split - 1).tasks[0]?.holds.map(({ page }) => page) ?? [];
  if (held.includes(0)) return ALL;
  return held.includes(reel.at(split - 1).trees[0]?.root ?? -1) ? ROOT_TOO : LEAF_ONLY;
}
