import type { Reel } from "../../picture/index.ts";
import type { Chapter } from "../level.ts";
import { waitsFor } from "../sights.ts";

const ONLY_GET = "The get waits for the delete; the delete can go on";
const ONLY_DELETE = "The delete waits for the get; the get can go on";
const EACH = "Each waits for the other";
const NOBODY = "Nobody waits";

/** Circles of tasks that wait, and the order that prevents them. */
export const DEADLOCK: Chapter = {
  title: "Deadlock",
  levels: [
    {
      id: "two-orders",
      title: "Two ways round",
      text:
        "Leaves are linked to their neighbours. A scan reads them from left to right: it holds " +
        "one leaf until it has the next, as a reader does on its way down.\n\n" +
        "Task a deletes key 30. That empties the right leaf, so it is to be merged into the " +
        "left one, and a needs both. This version has a bug: it holds the right leaf and asks " +
        "for the left one. So one task goes to the right and the other to the left.",
      task: "Bring both tasks to wait for each other.",
      scenario:
        "protocol crabbing\nbug C5\ncapacity 2\ntree [10,20][30]\ntask delete 30\ntask scan\n",
      goal: {
        kind: "fails",
        failures: ["deadlock"],
        par: { preemptions: 1, steps: 6 },
        solution: "b3a3",
        wrong: "a4b2",
      },
      hints: [
        "Each must hold the leaf that the other wants.",
        "Let the scan take the left leaf first: three steps.",
        "Then the delete comes down to the right leaf: three steps more.",
      ],
      explanation:
        "A deadlock: each waits for what the other holds, and neither will ever let go. Both " +
        "are patient and correct by themselves. The mistake is that there are two orders. If " +
        "all who hold a latch and wait for another do so in one order (from the root down, and " +
        "from left to right), no circle can close: the one who holds the last page of the " +
        "circle would have to wait for an earlier one. Of this class are sled #1520 and " +
        "SplinterDB #631.",
    },
    {
      id: "who-waits",
      title: "Up is also a direction",
      text:
        "The delete merges two leaves, and the root is left with one child. So the tree may lose " +
        "a level, and the meta page has to name another root.\n\n" +
        "This delete let go of the meta page on its way down, and wants it back now, in X. It " +
        "holds X on the root and on both leaves. The reader is about to take its first step, at " +
        "the meta page. Its second will be at the root.",
      task: "Predict who waits for whom once the reader has the meta page.",
      scenario:
        "protocol crabbing\nbug D3\ncapacity 2\ntree [10,20][30]\ntask delete 30\ntask get 10\n",
      goal: {
        kind: "predict",
        question: "The reader (task b) takes the meta page in S. What then?",
        schedule: "a5b",
        askedAt: 5,
        choices: [ONLY_GET, ONLY_DELETE, EACH, NOBODY],
        answerIn: (reel, askedAt) => whoWaits(reel, askedAt),
      },
      hints: ["What does each of them hold, and what does it want next?"],
      explanation:
        "The reader holds the meta page and wants the root; the delete holds the root and wants " +
        "the meta page. Down is one order, up is another. The right protocol keeps the meta " +
        "page from the beginning if the root might change, and so never asks upwards. Which " +
        "pages might change it can tell on its way down; the next chapter is about that.",
    },
    {
      id: "upgrade",
      title: "From S to X",
      text:
        "Two inserts go to the same leaf. Each takes it in S, to look at it first, and then asks " +
        "for its S to be made an X without letting go. That is called an upgrade.\n\n" +
        "There is only one page in play, and only one order. It still goes wrong.",
      task: "Bring both inserts to wait for each other.",
      scenario:
        "protocol optimistic-crabbing\nbug C11\ncapacity 4\ntree [10,20][30,40]\n" +
        "task insert 15\ntask insert 17\n",
      goal: {
        kind: "fails",
        failures: ["deadlock"],
        par: { preemptions: 1, steps: 6 },
        solution: "a3b3",
        wrong: "a4b4",
      },
      hints: [
        "When can a task that holds S be refused X?",
        "Let both hold S on the leaf before one of them asks for more.",
      ],
      explanation:
        "Each waits until the other lets go of its S, and holds its own. Readers may share a " +
        "latch; readers who all mean to write may not. The cure is a third mode, U for update " +
        "(SX in some engines), which goes with S but not with another U: only one task at a " +
        "time can be on its way to X. Gray and Reuter's textbook of 1993 has this case.",
    },
    {
      id: "twice",
      title: "The same latch twice",
      text:
        "This protocol has a single latch for the whole tree. The scan takes it in S, and " +
        "further inside, in a function that knows nothing of the first, it takes it in S again. " +
        "S goes with S, so every test with one task succeeds.\n\n" +
        "At this latch, a writer that waits goes before readers that come after it.",
      task: "Make the scan wait, in the end, for itself.",
      scenario:
        "protocol tree-rw\nbug C14\ncapacity 2\nfairness writer-preferring\n" +
        "tree [10,20][30]\ntask scan\ntask insert 15\n",
      goal: {
        kind: "fails",
        failures: ["deadlock"],
        par: { preemptions: 1, steps: 2 },
        solution: "ab",
        wrong: "a2b",
      },
      hints: [
        "A writer must come between the two requests of the scan.",
        "One step of the scan, then one of the insert.",
      ],
      explanation:
        "The writer waits for the first S. The second S waits behind the writer. So the scan " +
        "waits for a task that waits for the scan. Remember the fourth level: a request may " +
        "have to wait though nobody holds anything against it. A latch that lets readers pass " +
        "hides this bug; a fair one shows it. SplinterDB (9b289bf0) and BusTub (bd470805) both " +
        "had it.",
    },
  ],
};

function whoWaits(reel: Reel, askedAt: number): string {
  const after = reel.at(askedAt + 1);
  const get = waitsFor(after, "b", "a");
  const removal = waitsFor(after, "a", "b");
  if (get && removal) return EACH;
  if (get) return ONLY_GET;
  return removal ? ONLY_DELETE : NOBODY;
}
