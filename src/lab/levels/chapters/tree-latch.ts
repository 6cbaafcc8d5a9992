import type { Chapter } from "../level.ts";

/** A latch for the tree beside those of the pages. */
export const TREE_LATCH: Chapter = {
  title: "A latch for the whole tree",
  levels: [
    {
      id: "predicted-wrong",
      title: "Further up than expected",
      text:
        "InnoDB, the engine of MySQL, has a latch for the tree beside those of the pages. Who " +
        "reads or changes one leaf takes it in S. Who splits or merges takes it in SX (here: U), " +
        "which goes with S but not with another SX. It predicts how far up the change will " +
        "reach, and latches X from there down.\n\n" +
        "In this version, if the prediction was too low, it latches what is above as well, " +
        "while it holds the rest.",
      task: "Bring the insert and the reader to wait for each other.",
      scenario:
        "protocol sx-tree\nbug S1\ncapacity 3\ntree [10,12,14][20][30][40][50][60]\n" +
        "task insert 16\ntask get 20\n",
      goal: {
        kind: "fails",
        failures: ["deadlock"],
        par: { preemptions: 1, steps: 10 },
        solution: "a8b2",
        wrong: "a11b4",
      },
      hints: [
        "The insert goes up, and the reader comes down. Where do they meet?",
        "Let the insert latch the leaf for the second time; then two steps of the reader.",
      ],
      explanation:
        "Up and down: two orders. The right protocol notices that the prediction was too low, " +
        "lets go of everything and begins again with X on the tree. MariaDB had hangs of this " +
        "kind (MDEV-29835, MDEV-34283): a split or merge that was predicted wrongly has to ask " +
        "for X of the tree, and while what does it hold?",
    },
    {
      id: "two-at-once",
      title: "Why SX, and not S",
      text:
        "Here the one who splits and the one who merges take the tree in S, and both go on at " +
        "the same time. Each predicts which pages it will change, and latches those. The delete " +
        "looks at the root, decides that page 8 is enough, and lets go of the root.\n\n" +
        "But the put, which splits, changes page 8 too.",
      task: "Make the delete say that key 30 is not there.",
      scenario:
        "protocol sx-tree\nbug S3\ncapacity 3\ntree [5,15,25][30][35][40][50][60]\n" +
        "task delete 30\ntask put 20\n",
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 20 },
        solution: "a6b11a3",
        wrong: "a10b9",
      },
      hints: [
        "It is the split race, one level up.",
        "Stop the delete when it has read the root for the second time: six steps.",
      ],
      explanation:
        "The delete held nothing that kept its prediction true, and the put moved key 30 to " +
        "another inner page. With SX only one task at a time changes the shape of the tree, so " +
        "what it predicts nobody else can spoil, and readers go on beside it. For that MySQL's " +
        "worklogs 6326 and 6363 brought SX to InnoDB.",
    },
  ],
};
