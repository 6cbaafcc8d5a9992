import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PROTOCOLS } from "../../../src/btree/index.ts";
import { bugNamed, BUGS, parseScenario } from "../../../src/hunt/index.ts";
import { BUG_TABLE, LOG_BUG_TABLE } from "./bug-table.ts";

const page = readFileSync(new URL("../../../docs/bug-bank.md", import.meta.url), "utf8");
const tableRows = page.split("\n").filter((line) => line.startsWith("| "));

it("the_bank_and_its_table_list_the_same_bugs", () => {
  const bugs = BUGS.filter((bug) => bug.kind === "bug");
  const listed = [...BUG_TABLE, ...LOG_BUG_TABLE].map(({ id, preemptions }) => ({
    id,
    preemptions,
  }));
  expect(bugs.map(({ id, preemptions }) => ({ id, preemptions }))).toEqual(listed);
});

it.each(BUGS)("$id is told apart by its id and runs under a right protocol", (bug) => {
  expect(BUGS.filter((other) => other.id === bug.id)).toHaveLength(1);
  expect(bugNamed(bug.id.toLowerCase())).toBe(bug);
  expect(PROTOCOLS.map((protocol) => protocol.name)).toContain(bug.protocol);
  expect(bug.id.startsWith("K")).toBe(bug.kind === "decoy");
  expect(bug.preemptions === null).toBe(bug.kind === "decoy");
});

it.each(BUGS)("$id has a scenario that leaves protocol and bug to the bank", (bug) => {
  const { scenario, hasProtocol } = parseScenario(bug.scenario);
  expect(hasProtocol).toBe(false);
  expect(scenario.bug).toBeNull();
  expect(scenario.tasks.length).toBeLessThanOrEqual(4);
});

it.each(BUGS)("$id is in the documented tables with its protocol and preemptions", (bug) => {
  const row = tableRows.find((line) => line.startsWith(`| ${bug.id} |`)) ?? "";
  const [, , protocol, , preemptions] = row.split("|").map((cell) => cell.trim());
  expect(protocol).toBe(bug.protocol);
  const isRight = bug.kind === "decoy" || preemptions === String(bug.preemptions);
  expect(isRight, `P of ${bug.id} in docs/bug-bank.md`).toBe(true);
});

const CRASHLESS: readonly string[] = [
  ...LOG_BUG_TABLE.filter(({ crashes }) => crashes === 0).map(({ id }) => id),
  "K30",
  "K31",
  "K41",
];

it.each(BUGS)(
  "$id changes the engine if and only if its scenario has a disk, which crashes once or needs no crash",
  (bug) => {
    const { durability } = parseScenario(bug.scenario).scenario;
    const isOfDisk = bug.parts !== undefined || ["W9", "O7"].includes(bug.id);
    const crashes = CRASHLESS.includes(bug.id) ? 0 : 1;
    expect(durability?.crashes ?? null).toBe(isOfDisk ? crashes : null);
  },
);
