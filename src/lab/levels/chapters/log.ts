import type { Reel } from "../../picture/index.ts";
import type { Chapter } from "../level.ts";
import { operationIn, resultOf } from "../sights.ts";

const OLD = "0, the value from before";
const NEW = "7, the value that was put";
const SHUT = "Nothing: the database cannot be opened again";

const ONE_PUT = "protocol crabbing\ncapacity 2\ntree [10]\ntask put 10=7\n";

/** What a crash leaves, and what it must leave. */
export const LOG: Chapter = {
  title: "The log and crashes",
  levels: [
    {
      id: "lost-and-right",
      title: "The power fails",
      text:
        "From here on the tree is on a disk, and changes are made in memory. Each is appended " +
        "to a log; once that part of the log is written and synced, the change is durable, and " +
        "only then does the put return. A crash is a task too: let it step, and memory is gone. " +
        "Then another task opens the database from what the disk kept, and the last one reads " +
        "key 10.\n\n" +
        "Nothing is wrong with this protocol. Still, a change may be lost.",
      task: "Let the put begin, and be lost.",
      scenario: `${ONE_PUT}crashes 1\nafter get 10\n`,
      goal: {
        kind: "reach",
        state: "the get finds the old value after the put was cut off",
        isReached: ({ picture }) =>
          resultOf(picture, "get 10") === "-> value 0" &&
          operationIn(picture, "put 10=7")?.result?.includes("cut off") === true,
        par: { preemptions: 0, steps: 29 },
        solution: "abc25d2",
        wrong: "a7bc38d2",
      },
      hints: [
        "The crash has to come before the log is synced.",
        "One step of the put, then the crash; then let all the rest run.",
      ],
      explanation:
        "The put had not returned, so nobody was told that it was done, and a database may " +
        "forget it. What it may not do is forget half of it. Whoever is cut off by a crash " +
        "cannot know what became of his change. Promises begin where an operation returns.",
    },
    {
      id: "acknowledged",
      title: "What was promised",
      text:
        "The same put has run to its end: the log is written and synced, and the put has " +
        "returned. The page itself has not been written to the page file; there, key 10 still " +
        "has the value 0. Now the power fails.",
      task: "Predict which value the get finds after the crash.",
      scenario: `${ONE_PUT}crashes 1\nafter get 10\n`,
      goal: {
        kind: "predict",
        question: "What does get 10 find, once the database is open again?",
        schedule: "a7bc38d2",
        askedAt: 7,
        choices: [OLD, NEW, SHUT],
        answerIn: (reel) => whatIsFound(reel),
      },
      hints: ["Which file has the change, and was it synced?"],
      explanation:
        "The page file is out of date, and that is no harm: opening the database reads the log " +
        "and makes all changes in it again. This is redo. Invariant of write-ahead logging: a " +
        "change is in the log, durably, before its operation returns, and before the page is " +
        "written.",
    },
    {
      id: "returned-too-soon",
      title: "Written is not synced",
      text:
        "This version returns when the log has been written to its file. The operating system " +
        "has it then, in its own memory. It is on the disk only after a sync, which takes much " +
        "longer, so the shortcut is tempting.\n\n" +
        "After a crash you may choose what the disk has kept of what was not synced.",
      task: "Lose an insert that has returned.",
      scenario: "protocol crabbing\nbug W1\ncapacity 2\ntree [10]\ntask insert 20\ncrashes 1\n",
      goal: {
        kind: "fails",
        failures: ["not-durable"],
        par: { preemptions: 0, steps: 32 },
        solution: "a6b=0c25",
        wrong: "a6b=1c38",
      },
      hints: [
        "Let the insert return first.",
        "Six steps of a, then the crash; then let the recovery run to its end.",
      ],
      explanation:
        "The insert was acknowledged and is gone. It is the shortcut most often taken: some " +
        "engines have it as their default setting (ArcadeDB #4330), and in greenlion/warp #72 it " +
        "was an oversight. No test without a crash can see it, and no crash of the program " +
        "alone: only the power must fail.",
    },
    {
      id: "group-commit",
      title: "One sync for two",
      text:
        "A sync is slow, so tasks share it: one of them, the leader, writes what is in the log " +
        "and syncs for all who wait. That is group commit.\n\n" +
        "While the leader syncs, others append more to the log. This leader, when its sync is " +
        "done, says that all is durable which is in the log by now.",
      task: "Lose a put that has returned.",
      scenario:
        "protocol crabbing\nbug W27\ncapacity 2\ntree [10]\n" +
        "task put 10\ntask put 20\ncrashes 1\n",
      goal: {
        kind: "fails",
        failures: ["not-durable"],
        par: { preemptions: 1, steps: 50 },
        solution: "a6b3abcd38",
        wrong: "a7b7cd38",
      },
      hints: [
        "The second put must come into the log after the leader has written, and before it syncs.",
        "Six steps of a, three of b, one of a, one of b, the crash.",
      ],
      explanation:
        "The leader read the end of the log after the sync instead of before the write. In " +
        "between, b appended its change, and was told that it is durable. It was in no file at " +
        "all. Invariant: durable is what was in the file when the sync began, and no more. It " +
        "is a race like the others: something was looked at, but at the wrong moment.",
    },
    {
      id: "log-first",
      title: "The page before the log",
      text:
        "Pages are written to the page file now and then, so that the log need not be kept for " +
        "ever. This cleaner writes a page as soon as it finds it changed. The log of that change " +
        "may still be in memory.\n\n" +
        "Task a splits the root, which changes several pages. Task b cleans one page.",
      task: "Crash so that the tree is broken when it is opened again.",
      scenario:
        "protocol crabbing\nbug W3\ncapacity 2\ntree [10,20]\ntask insert 15\n" +
        "task get 10 then clean\ncrashes 1\n",
      goal: {
        kind: "fails",
        failures: ["broken-tree"],
        par: { preemptions: 1, steps: 33 },
        solution: "a3b4c=1d25",
        wrong: "a7b5c=0d49",
      },
      hints: [
        "After three steps of a the split is done in memory, and not in the log.",
        "Let b clean a page then, and crash while its write is under way.",
        "What the crash leaves is up to you: take a possibility in which that write survives.",
      ],
      explanation:
        "One page of the split is in the file and the others are not: the meta page names a " +
        "root that was never written. The log, from which all could be made again, was lost. So " +
        "the rule: the log first. Before a page is written, the log must be durable up to the " +
        "last change of that page. It is the rule that gives write-ahead logging its name " +
        "(ARIES, 1992).",
    },
    {
      id: "half-a-split",
      title: "Half a split",
      text:
        "A split changes the leaf, the new leaf and the parent. In this version it goes to the " +
        "log in two parts: first the two halves, then the entry in the parent. Both come to the " +
        "log in the end, and recovery makes both again.\n\n" +
        "Task b writes something else, and waits for the log.",
      task: "Crash so that only the first part of the split survives.",
      scenario:
        "protocol crabbing\nbug W9\ncapacity 3\ntree [10,20,25][30][40][50]\n" +
        "task insert 15\ntask put 50\ncrashes 1\ncommit each\n",
      goal: {
        kind: "fails",
        failures: ["broken-tree"],
        par: { preemptions: 1, steps: 59 },
        solution: "a5b7c=1d46",
        wrong: "a10b9cd52",
      },
      hints: [
        "Stop the insert between the two parts: after five steps.",
        "Who makes the log durable meanwhile? Let b go on until its write is under way.",
        "Then the crash, with a possibility in which that write survives.",
      ],
      explanation:
        "The keys from 20 on are in a page that no parent knows. A change of several pages must " +
        "go to the log as one group, which is made again as a whole or not at all. PostgreSQL " +
        "does log the two parts apart, but marks the page as incompletely split, and whoever " +
        "meets the mark finishes the work. One or the other, never neither.",
    },
    {
      id: "torn-page",
      title: "A torn page",
      text:
        "A disk writes sectors of 512 bytes. A page here has two. If the power fails during a " +
        "write, one may be new and the other old: the page is torn. Redo cannot mend that, " +
        "since a change like “set key 10” needs a whole page to be made on. So the first change " +
        "of a page after each checkpoint goes to the log as an image of the whole page.\n\n" +
        "This version logs an image only once after the database was opened. A checkpoint says " +
        "that everything before it need not be read again.",
      task: "Crash so that the database cannot be opened again.",
      scenario:
        "protocol crabbing\nbug W23\ncapacity 2\npage-size 1024\ntree [10]\n" +
        "task put 10 then checkpoint then put 10 then clean\ncrashes 1\n",
      goal: {
        kind: "fails",
        failures: ["not-recovered"],
        par: { preemptions: 0, steps: 48 },
        solution: "a25b=2c22",
        wrong: "a26b=0c38",
      },
      hints: [
        "The crash has to come while a page is written whose image the log no longer has.",
        "Let a come to its clean: 25 steps, and crash while that write is under way.",
        "Some possibilities leave one sector of the page new and the other old. Try them.",
      ],
      explanation:
        "The page is half new, its checksum says so, and the log from the checkpoint on has no " +
        "image of it. PostgreSQL with full_page_writes off is like this on a disk that tears " +
        "pages; InnoDB writes each page twice, to another place first, so that one of them is " +
        "always whole.",
    },
    {
      id: "crash-again",
      title: "A crash during recovery",
      text:
        "The put has returned, and the power has failed. The database is being opened: the " +
        "recovery reads the log, makes the change again, and begins to write pages. Before it " +
        "is done, the power fails a second time.\n\n" +
        "Nothing is wrong with this protocol.",
      task: "Predict what the get finds after two crashes.",
      scenario: `${ONE_PUT}crashes 2\nafter get 10\n`,
      goal: {
        kind: "predict",
        question: "The second crash comes while a page is written. What does get 10 find?",
        schedule: "a7bc29d=0e49f2",
        askedAt: 37,
        choices: [OLD, NEW, SHUT],
        answerIn: (reel) => whatIsFound(reel),
      },
      hints: ["What does the recovery do to the log before it is done?"],
      explanation:
        "A recovery must survive a crash like anything else. It can be done again from the " +
        "beginning because it takes nothing away until it is done: the log stays until the " +
        "pages are synced, and the control file, which says where to begin, is replaced by a " +
        "rename, in one step. And redo looks at each page first, whether the change is there " +
        "already, so it is not made twice.",
    },
  ],
};

function whatIsFound(reel: Reel): string {
  const found = resultOf(reel.at(reel.length - 1), "get 10");
  if (found === null || reel.film.failure?.kind === "not-recovered") return SHUT;
  return found === "-> value 7" ? NEW : OLD;
}
