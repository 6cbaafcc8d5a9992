/** A scenario to begin from. */
export interface ReadyScenario {
  readonly name: string;
  /** What is to be looked for in it, in a sentence. */
  readonly about: string;
  readonly text: string;
}

/** Scenarios in the order in which they teach, each in the words of a scenario file. */
export const READY_SCENARIOS: readonly ReadyScenario[] = [
  {
    name: "A reader and a split",
    about: "A reader is on its way to a leaf that splits.",
    text: "protocol crabbing\ncapacity 2\ntree [10,20][30,40]\ntask get 20\ntask insert 15\n",
  },
  {
    name: "A reader that lets go too early",
    about: "The same race, with a reader that releases the parent before it has the child.",
    text:
      "protocol crabbing\nbug C1\ncapacity 3\ntree [10,20,30][40]\n" +
      "task get 30\ntask insert 15\n",
  },
  {
    name: "Two writers and one key",
    about: "Two tasks add the same key, and only one may be told that it was new.",
    text:
      "protocol crabbing\ncapacity 2\ntree [10,20]\n" +
      "task insert 15\ntask insert 15\ntask get 15\n",
  },
  {
    name: "The root grows",
    about: "Two writers meet at a root leaf that is full: one of them makes a new root.",
    text: "protocol crabbing\ncapacity 2\ntree [10,20]\ntask insert 15\ntask insert 25\n",
  },
  {
    name: "The root shrinks",
    about: "The last two leaves merge, and the tree loses a level under a reader.",
    text: "protocol crabbing\ncapacity 2\ntree [10][30]\ntask delete 30\ntask get 10\n",
  },
  {
    name: "A merge takes the reader's leaf",
    about: "The first leaf empties and takes in its neighbour, to which a reader is on its way.",
    text: "protocol crabbing\ncapacity 2\ntree [10][20]\ntask delete 10\ntask get 20\n",
  },
  {
    name: "A scan and a split",
    about: "A scan crosses the border that a split is moving.",
    text: "protocol crabbing\ncapacity 2\ntree [10,20][30,40]\ntask scan\ntask insert 15\n",
  },
  {
    name: "A scan to the left",
    about: "A scan goes against the order of the latches: it may try, and must not wait.",
    text: "protocol crabbing\ncapacity 2\ntree [10,20][30,40]\ntask scan-back\ntask insert 15\n",
  },
  {
    name: "A deadlock by two orders",
    about: "A delete latches its left neighbour last, and a scan comes from there.",
    text: "protocol crabbing\nbug C5\ncapacity 2\ntree [10,20][30]\ntask delete 30\ntask scan\n",
  },
  {
    name: "A writer that goes down as a reader",
    about: "The leaf is full, so the optimistic writer starts again from the root.",
    text:
      "protocol optimistic-crabbing\ncapacity 2\ntree [10,20][30,40]\n" +
      "task insert 15\ntask insert 35\n",
  },
  {
    name: "Readers without latches",
    about: "A reader looks at versions, and begins again if a page has changed under it.",
    text: "protocol olc\ncapacity 3\ntree [10,20]\ntask get 20\ntask insert 5\n",
  },
  {
    name: "A link to the right",
    about: "A reader comes to a leaf that has split, and follows the link.",
    text: "protocol b-link\ncapacity 2\ntree [10,20][30,40]\ntask get 20\ntask insert 15\n",
  },
  {
    name: "Three levels",
    about: "Splits go up through a tree of three levels.",
    text:
      "protocol crabbing\ncapacity 2\ntree [10,20][30,40][50,60][70,80]\n" +
      "task insert 15\ntask insert 75\ntask scan\n",
  },
  {
    name: "A split, and the power fails",
    about:
      "The leaf splits; a crash may come at any step, and what was acknowledged must be there.",
    text:
      "protocol crabbing\ncapacity 2\ntree [10,20]\ntask insert 15\ntask get 20\n" +
      "crashes 1\nafter get 15 then get 10\n",
  },
  {
    name: "A write that is acknowledged too early",
    about: "The log is not on the disk yet when the answer is given.",
    text: "protocol crabbing\nbug W1\ncapacity 2\ntree [10]\ntask insert 20\ncrashes 1\n",
  },
  {
    name: "Torn pages",
    about: "Any of the sectors that were written since the last sync may survive.",
    text:
      "protocol crabbing\ncapacity 2\ntree [10,20]\ntask insert 15 then clean\n" +
      "crashes 1\nsurvival sectors\nafter scan\n",
  },
];
