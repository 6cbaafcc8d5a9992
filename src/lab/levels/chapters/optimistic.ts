import type { Chapter } from "../level.ts";
import { linesOfKind } from "../sights.ts";

const READ_AND_WRITE = "capacity 3\ntree [10,20]\ntask get 20\ntask insert 5\n";
const SAME_KEY = "capacity 2\ntree [10,20][30,40]\ntask insert 15\ntask insert 15\n";

/** Hoping that nothing happens, and looking whether it did. */
export const OPTIMISTIC: Chapter = {
  title: "Hope first, look again",
  levels: [
    {
      id: "second-attempt",
      title: "Twice, if need be",
      text:
        "Most writes change one leaf and nothing above it. To take X from the root down for them " +
        "holds up all readers. Optimistic coupling hopes: a writer comes down with S, as a " +
        "reader does, and takes X on the leaf only. If the leaf turns out to be full, it lets " +
        "go of everything and comes down a second time, with X.\n\n" +
        "The left leaf is full. Task b deletes one of its keys.",
      task: "Make the insert come down a second time.",
      scenario:
        "protocol optimistic-crabbing\ncapacity 2\ntree [10,20][30]\n" +
        "task insert 15\ntask delete 20\n",
      goal: {
        kind: "reach",
        state: "task a has X on the meta page, where its second way down begins",
        isReached: (sight) =>
          linesOfKind(sight, "latch-granted").some(
            (line) => line["task"] === 0 && line["latch"] === 0 && line["mode"] === "X",
          ),
        par: { preemptions: 0, steps: 4 },
        solution: "a4",
        wrong: "b3a3",
      },
      hints: ["The insert has to meet a leaf that is still full."],
      explanation:
        "The first attempt was in vain, and harmless: it changed nothing. With real pages one " +
        "write in a hundred or so has to come twice, and all the others have held X on nothing " +
        "but their leaf. What the first attempt saw must not be believed by the second: between " +
        "the two it held nothing.",
    },
    {
      id: "believed-too-long",
      title: "An old answer",
      text:
        "Both tasks insert key 15, and an insert adds a key only if it is not there. So one must " +
        "say that it has added it, and the other that it was there.\n\n" +
        "In this version the first attempt looks for the key, does not find it, and comes down " +
        "again because the leaf is full. The second attempt does not look any more.",
      task: "Let both tasks say that they have added key 15.",
      scenario: `protocol optimistic-crabbing\nbug D5\n${SAME_KEY}`,
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 14 },
        solution: "a3b7a4",
        wrong: "a7b4",
      },
      hints: [
        "Task a has to have looked, and hold nothing.",
        "Three steps of a: it has let go of the full leaf. Then the whole of b.",
      ],
      explanation:
        "The answer of the first attempt was true when it was found. Then a let go of the leaf, " +
        "and b added the key. Invariant: what was read under a latch may be used only while " +
        "that latch is held, or after it was looked at again. Such was orioledb #1017: two " +
        "tasks that wait with the same key, on the path that splits, were each checked against " +
        "the page, and not against each other.",
    },
    {
      id: "no-latch-at-all",
      title: "Reading without a latch",
      text:
        "In this protocol readers take no latch. Each page has a version, a number that counts " +
        "the writes. A reader takes the version, reads the page part by part (header, slots, " +
        "cells), and looks at the version again: validate. If it has changed, what was read is " +
        "thrown away, and the reader begins again at the root.\n\n" +
        "So a reader holds up nobody, and writes nothing, not even a latch.",
      task: "Let the insert come between, so that the reader has to begin again.",
      scenario: `protocol olc\n${READ_AND_WRITE}`,
      goal: {
        kind: "reach",
        state: "task a sees that a version has changed",
        isReached: (sight) =>
          linesOfKind(sight, "page-read-optimistic").some(
            (line) => line["task"] === 0 && line["isValid"] === false,
          ),
        par: { preemptions: 1, steps: 23 },
        solution: "a10b12a",
        wrong: "a11b12",
      },
      hints: [
        "The version that the reader has taken must be out of date when it looks again.",
        "Let task a take the version of page 2 and stop. Then the whole insert.",
      ],
      explanation:
        "The reader may have read half of the old page and half of the new one. It does not " +
        "matter, as it believes nothing before the version was looked at again. It also looks at " +
        "the parent's version once more after it has taken that of the child. That look is what " +
        "holding the parent is to coupling.",
    },
    {
      id: "not-looked-again",
      title: "One look too few",
      text:
        "The same reader, without its last look: after it has read the leaf it does not ask " +
        "whether the version is still the same.\n\n" +
        "The insert puts key 5 before the others, so the entries of the page move. Key 20 is " +
        "there all the time.",
      task: "Make the reader miss key 20.",
      scenario: `protocol olc\nbug O1\n${READ_AND_WRITE}`,
      goal: {
        kind: "fails",
        failures: ["not-linearizable"],
        par: { preemptions: 1, steps: 21 },
        solution: "a7b11a3",
        wrong: "a10b11",
      },
      hints: [
        "The reader has to read one part of page 2 before the insert, and the rest after it.",
        "It should know from the header how many entries there are, and then be outrun.",
      ],
      explanation:
        "The reader knew of two entries, and when it came to look at them there were three; it " +
        "looked at the first two, 5 and 10. No order of the two operations gives that answer. " +
        "LeanStore had such a missing look on one path (a42fc93). Invariant: nothing that was " +
        "read from a page may be used before its version was looked at again.",
    },
    {
      id: "versions-proved",
      title: "Is one look enough?",
      text:
        "Three protocols, which read without a latch. In the first the reader does not look at " +
        "the leaf's version again. In the second it does, but a writer that lets go of a page " +
        "leaves the version as it was. In the third the reader looks, and the writer counts.",
      task: "Prove of one of the three that no order of steps makes it fail.",
      scenario: `protocol olc\n${READ_AND_WRITE}`,
      goal: {
        kind: "holds",
        subjects: [
          { label: "The reader does not look again", protocol: "olc", bug: "O1" },
          { label: "The writer does not count", protocol: "olc", bug: "O4" },
          { label: "The reader looks, and the writer counts", protocol: "olc", bug: null },
        ],
        solution: "The reader looks, and the writer counts",
        preemptionsMax: null,
      },
      hints: ["A look is worth nothing if what is looked at does not change."],
      explanation:
        "Both halves are needed. It is a contract: the writer says by the version that it has " +
        "been there, and the reader asks. A latch is a contract too, but it makes the other one " +
        "wait; a version makes the reader do its work again. Which is cheaper depends on how " +
        "often they meet.",
    },
  ],
};
