import type { Chapter } from "../level.ts";
import { hasReturned, latchOf, waitsFor } from "../sights.ts";

const BESIDE = "It is let in beside task a: both only read";
const BEHIND = "It waits behind task b";
const AHEAD = "It waits for task a, but goes before task b";

/** Steps, latches, their two modes, and the line in front of one. */
export const STEPS: Chapter = {
  title: "Steps and latches",
  levels: [
    {
      id: "first-steps",
      title: "You decide who moves",
      text:
        "You see a B+ tree: the root and two leaves. Each task has a column, with the " +
        "operation that it is to do. Tasks move in steps, and between two steps any other may " +
        "move. A database leaves that to chance; here you decide. Press the button in a task's " +
        "column, or its number on the keyboard.\n\n" +
        "A latch guards one page for a moment. Before a task looks at a page it takes the latch, " +
        "and soon lets go. It begins at the meta page, which names the root. " +
        "A full tag at a page is a latch that is held; a dotted one shows where a task goes " +
        "next.\n\n" +
        "Par is the least that is needed. What a preemption is comes next.",
      task: "Let task b find key 40 while task a has not found key 10.",
      scenario: "protocol crabbing\ncapacity 3\ntree [10,20][30,40]\ntask get 10\ntask get 40\n",
      goal: {
        kind: "reach",
        state: "task b has returned and task a has not",
        isReached: ({ picture }) =>
          hasReturned(picture, "get 40") && !hasReturned(picture, "get 10"),
        par: { preemptions: 0, steps: 3 },
        solution: "b3",
        wrong: "a3b3",
      },
      hints: [
        "Leave task a alone. Only task b has to move.",
        "Task b needs three steps: the meta page, the root, its leaf. Press 2 three times.",
      ],
      explanation:
        "One step is: take a latch, and do all that needs no other latch. Nothing can come " +
        "between the parts of a step; between two steps anything can. Look at what task b held " +
        "after each: first the meta page, then the root, then nothing. Drag the slider below, or " +
        "press the arrow keys, to go back to any step and look again.",
    },
    {
      id: "shared",
      title: "Two readers",
      text:
        "A latch is held in a mode. Who only reads a page takes it shared, S for short, and any " +
        "number of tasks may hold S on one page at once: nobody changes what another reads.\n\n" +
        "To let another task move while the first could go on is called a preemption. It costs " +
        "nothing here, but it is counted. Nearly every bug that you will meet needs just one, " +
        "at the right moment; so the fewest preemptions are what each level asks for first, and " +
        "then the fewest steps. That is its par.",
      task: "Bring both readers to hold S on the root at the same time.",
      scenario: "protocol crabbing\ncapacity 3\ntree [10,20][30,40]\ntask get 10\ntask get 40\n",
      goal: {
        kind: "reach",
        state: "both readers hold the root",
        isReached: ({ picture }) =>
          latchOf(picture, picture.trees[0]?.root ?? 0)?.holders.length === 2,
        par: { preemptions: 1, steps: 4 },
        solution: "a2b2",
        wrong: "a3b3",
      },
      hints: [
        "A reader holds the root after its second step.",
        "Two steps of task a, then two of task b.",
      ],
      explanation:
        "S goes with S. Each reader lets go of a page only when it has the next one on its way " +
        "down: meta page, root, leaf. Why it does not let go sooner is what this lab is about.",
    },
    {
      id: "exclusive",
      title: "A writer is alone",
      text:
        "Who changes a page takes its latch exclusively, X for short. X goes with nothing: " +
        "while a task holds it, no other may read or write the page. A task that asks for a " +
        "latch which it cannot have stands in line at that page and waits. It cannot be chosen " +
        "until the latch is free, and then it gets it by itself.\n\n" +
        "Task b changes the value of key 30. On its way down it holds X, since a page may have " +
        "to be changed.",
      task: "Make the reader wait for the writer.",
      scenario: "protocol crabbing\ncapacity 3\ntree [10,20][30,40]\ntask get 30\ntask put 30=7\n",
      goal: {
        kind: "reach",
        state: "task a waits for task b",
        isReached: ({ picture }) => waitsFor(picture, "a", "b"),
        par: { preemptions: 1, steps: 2 },
        solution: "ba",
        wrong: "a3b3",
      },
      hints: [
        "The writer has to hold a page that the reader asks for.",
        "Every task begins at the meta page: let b take it, then let a ask for it.",
      ],
      explanation:
        "Beside the tree you can read who waits for whom. To wait is no mistake: the writer goes " +
        "on, lets go, and the reader gets its turn. It is one only when those who wait form a " +
        "circle. That comes in the third chapter.",
    },
    {
      id: "the-line",
      title: "Who waits in line",
      text:
        "Task a reads and holds S on the meta page. Task b wants to write, asked for X on the " +
        "meta page, and stands in line behind it. Now task c comes, and only wants to read. S " +
        "goes with the S that task a holds, so it could be let in at once.\n\n" +
        "Here the line is first come, first served. Say first what happens, then run it.",
      task: "Predict what becomes of task c when it asks for S on the meta page.",
      scenario:
        "protocol crabbing\ncapacity 3\ntree [10,20][30,40]\n" +
        "task get 10\ntask put 20=7\ntask get 40\n",
      goal: {
        kind: "predict",
        question: "Task c takes its first step. What becomes of it?",
        schedule: "abca2b3c3",
        askedAt: 2,
        choices: [BESIDE, BEHIND, AHEAD],
        answerIn: (reel, askedAt) => {
          const after = reel.at(askedAt + 1);
          if (waitsFor(after, "c", "b")) return BEHIND;
          return waitsFor(after, "c", "a") ? AHEAD : BESIDE;
        },
      },
      hints: ["Whoever came first is served first, even if a later one would fit."],
      explanation:
        "A reader behind a writer that waits has to wait as well, though nobody holds X yet. " +
        "If it were let in, readers that keep coming could hold up the writer for ever. So a " +
        "task may wait for one that holds nothing at all on this page: remember that when you " +
        "look for deadlocks.",
    },
  ],
};
