import { FAIRNESS_SETTINGS, type Fairness } from "../../latch/index.ts";
import { bad, number } from "./bad-scenario.ts";
import { DurabilityDraft, formatDurability, isDurabilityWord } from "./durability-text.ts";
import { formatOperations, readOperations } from "./operation-text.ts";
import {
  type InitialTree,
  type Scenario,
  SCENARIO_DEFAULTS,
  type ScenarioOperation,
} from "./scenario.ts";

/** A scenario as a file holds it: perhaps with a schedule to replay, perhaps without a protocol. */
export interface ScenarioFile {
  readonly scenario: Scenario;
  /** Whether the text names a protocol itself. */
  readonly hasProtocol: boolean;
  readonly schedule: string | null;
}

const PROTOCOL_DEFAULT = "crabbing";
// Judging a history is exponential in the operations that overlap, and those are one a task.
const TASKS_MAX = 16;

/**
 * Reads a scenario: one `word rest` a line, `#` begins a comment.
 *
 *     protocol crabbing          # default crabbing
 *     bug C1                     # default none
 *     capacity 2                 # most entries a page, default 4
 *     fairness fifo              # fifo, writer-preferring or barging
 *     page-size 512
 *     tree [10,20][30,40]        # the leaves; or: build insert 10 then delete 10
 *     task get 20
 *     task insert 15 then scan [10,40) limit 3
 *     schedule a3b7              # to replay one run; empty if it ends before its first step
 *
 * @throws LatchworkError BAD_SCENARIO naming the line and what would be right there.
 */
export function parseScenario(text: string): ScenarioFile {
  const draft = new Draft();
  text.split("\n").forEach((line, index) => {
    const content = line.replace(/#.*$/, "").trim();
    if (content === "") return;
    const space = content.search(/\s/);
    const word = space < 0 ? content : content.slice(0, space);
    draft.set(word, space < 0 ? "" : content.slice(space).trim(), index + 1);
  });
  return draft.finish();
}

/** Writes a scenario as {@link parseScenario} reads it, one line a field, without comments. */
export function formatScenario(scenario: Scenario, schedule: string | null = null): string {
  const lines = [`protocol ${scenario.protocol}`];
  if (scenario.bug !== null) lines.push(`bug ${scenario.bug}`);
  lines.push(`capacity ${scenario.capacity}`);
  if (scenario.fairness !== SCENARIO_DEFAULTS.fairness) lines.push(`fairness ${scenario.fairness}`);
  if (scenario.pageSize !== SCENARIO_DEFAULTS.pageSize) {
    lines.push(`page-size ${scenario.pageSize}`);
  }
  lines.push(formatTree(scenario.tree));
  for (const task of scenario.tasks) lines.push(`task ${formatOperations(task)}`);
  if (scenario.durability !== undefined) lines.push(...formatDurability(scenario.durability));
  if (schedule !== null) lines.push(`schedule ${schedule}`.trimEnd());
  return lines.join("\n") + "\n";
}

function formatTree(tree: InitialTree): string {
  if (tree.kind === "built") return `build ${formatOperations(tree.operations)}`;
  return `tree ${tree.leaves.map((leaf) => `[${leaf.join(",")}]`).join("")}`;
}

/** A scenario in the making, one line at a time. */
class Draft {
  #protocol: string | null = null;
  #bug: string | null = null;
  #capacity: number = SCENARIO_DEFAULTS.capacity;
  #fairness: Fairness = SCENARIO_DEFAULTS.fairness;
  #pageSize: number = SCENARIO_DEFAULTS.pageSize;
  #tree: InitialTree = { kind: "leaves", leaves: [[]] };
  #schedule: string | null = null;
  readonly #durability = new DurabilityDraft();
  readonly #tasks: (readonly ScenarioOperation[])[] = [];
  /** On which line each thing was said. */
  readonly #saidOn = new Map<string, number>();

  set(word: string, rest: string, line: number): void {
    if (word !== "task" && word !== "after") {
      this.#refuseSecond(word === "build" ? "tree" : word, line);
    }
    if (isDurabilityWord(word)) {
      this.#durability.set(word, rest, line);
      return;
    }
    switch (word) {
      case "protocol":
        this.#protocol = name(rest, line);
        return;
      case "bug":
        this.#bug = name(rest, line);
        return;
      case "capacity":
        this.#capacity = number(rest, line);
        return;
      case "page-size":
        this.#pageSize = number(rest, line);
        return;
      case "fairness":
        this.#fairness = fairness(rest, line);
        return;
      case "tree":
        this.#tree = { kind: "leaves", leaves: leaves(rest, line) };
        return;
      case "build":
        this.#tree = { kind: "built", operations: readOperations(rest, line) };
        return;
      case "task":
        this.#tasks.push(readOperations(rest, line));
        return;
      case "schedule":
        // Of no decision at all, if what it repeats failed before the first.
        this.#schedule = rest;
        return;
      default:
        throw bad(line, `unknown word ${JSON.stringify(word)}`, WORDS);
    }
  }

  #refuseSecond(word: string, line: number): void {
    const before = this.#saidOn.get(word);
    if (before !== undefined) throw bad(line, `a second ${word}`, `one, and line ${before} has it`);
    this.#saidOn.set(word, line);
  }

  finish(): ScenarioFile {
    if (this.#tasks.length === 0) throw bad(0, "there is no task", "a line such as: task get 20");
    if (this.#tasks.length > TASKS_MAX) {
      throw bad(0, `there are ${this.#tasks.length} tasks`, `at most ${TASKS_MAX}`);
    }
    const scenario: Scenario = {
      protocol: this.#protocol ?? PROTOCOL_DEFAULT,
      bug: this.#bug,
      capacity: this.#capacity,
      fairness: this.#fairness,
      pageSize: this.#pageSize,
      tree: this.#tree,
      tasks: this.#tasks,
      ...this.#durability.finish(this.#tasks),
    };
    return { scenario, hasProtocol: this.#protocol !== null, schedule: this.#schedule };
  }
}

const WORDS =
  "protocol, bug, capacity, fairness, page-size, tree, build, task, schedule, or of durable " +
  "scenarios crashes, partitions, pool, commit, reads, survival, segment, batching, faults or " +
  "after";
const LEAVES = /^(\[[^[\]]*\]\s*)+$/;

function leaves(text: string, line: number): number[][] {
  if (!LEAVES.test(text)) throw bad(line, `${JSON.stringify(text)} is no tree`, "[10,20][30,40]");
  const found = [...text.matchAll(/\[([^\]]*)\]/g)].map(([, inside = ""]) =>
    inside
      .split(",")
      .filter((part) => part.trim() !== "")
      .map((part) => number(part.trim(), line, "a key of the tree")),
  );
  const all = found.flat();
  all.forEach((key, i) => {
    const before = all[i - 1];
    if (before !== undefined && before >= key) {
      throw bad(line, `key ${key} comes after ${before}`, "keys in ascending order");
    }
  });
  return found;
}

function name(text: string, line: number): string {
  if (!/^[\w.:-]+$/.test(text)) throw bad(line, `${JSON.stringify(text)} is no name`, "one word");
  return text;
}

function fairness(text: string, line: number): Fairness {
  const found = FAIRNESS_SETTINGS.find((setting) => setting === text);
  if (found === undefined) {
    throw bad(line, `no fairness ${JSON.stringify(text)}`, FAIRNESS_SETTINGS.join(", "));
  }
  return found;
}
