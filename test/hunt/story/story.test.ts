import { describe, expect, it } from "vitest";
import {
  formatReplay,
  formatStory,
  parseReplay,
  parseScenario,
  type Story,
  tellStory,
} from "../../../src/hunt/index.ts";
import { IS_CAMPAIGN } from "../../campaign.ts";

const TOLD = new Map<string, Story>();

/** Runs worth telling, by what happens in them. After a change: vitest run test/hunt -u. */
const RUNS: Readonly<Record<string, string>> = {
  reader_looks_in_the_left_half: `
    bug C1
    capacity 2
    tree [10,20][40]
    task get 20
    task insert 15
    schedule a2b4a`,
  merge_to_the_left_meets_a_scan: `
    bug C5
    capacity 2
    tree [20][30]
    task delete 30
    task scan
    schedule b3a3`,
  scan_queues_behind_the_writer_that_waits_for_it: `
    protocol tree-rw
    bug C14
    capacity 2
    fairness writer-preferring
    tree []
    task scan
    task insert 15
    schedule ab`,
  order_rule_is_broken_without_harm: `
    bug C5
    capacity 2
    tree [10,20][30]
    task delete 30
    task scan
    schedule a4b2`,
  two_upgrades_wait_for_each_other: `
    protocol optimistic-crabbing
    bug C11
    capacity 4
    tree [20][40]
    task insert 15
    task insert 17
    schedule a3b3`,
  reader_meets_a_freed_page_in_a_long_run: `
    bug C1
    capacity 4
    tree [15,20,25,30][40,45][50,55]
    task delete 50 then delete 5 then delete 55
    task insert 45 then get 15 then get 10 then scan [30,55) limit 2
    task put 40 then get 35 then put 50 then put 55
    task get 15 then get 60 then insert 50 then delete 20
    schedule c12d5b13a11d`,
  three_tasks_wait_in_line_and_nothing_goes_wrong: `
    capacity 2
    tree [10,20][30,40]
    task insert 15 then scan-back
    task delete 30 then get 10
    task insert 35
    schedule abca4b7c4a6b4`,
  crash_tears_a_page_and_another_hits_the_recovery: `
    capacity 8
    page-size 1024
    tree [10,20]
    task put 15=1 then checkpoint then put 12=2 then clean then put 17=3
    crashes 2
    commit each
    survival sectors
    after scan
    schedule a31b=0=1=1=0c29d=0e49f2`,
  log_is_acknowledged_before_it_is_synced: `
    bug W1
    capacity 2
    tree [10]
    task insert 20
    crashes 1
    schedule a6b=0c25`,
  checkpoint_counts_before_the_pages_are_synced: `
    bug W8
    capacity 2
    tree [10]
    task insert 20 then checkpoint
    crashes 1
    after get 20
    schedule a16b=0c22`,
  old_control_file_comes_back_and_its_log_is_gone: `
    bug W21
    capacity 2
    tree [10,20]
    task insert 15 then put 10 then checkpoint
    crashes 1
    survival sectors
    segment 512
    schedule a38b=0=0=1c8`,
  batch_waits_at_the_gate_and_a_reader_for_the_disk: `
    protocol optimistic-crabbing
    capacity 2
    tree [10,20][30,40]
    task put 15 then clean
    task batch put 35 and delete 10
    crashes 1
    reads durable
    commit window:2
    after get 35
    schedule a4ba5b13a7bc=0d61e4`,
  batch_is_let_in_at_the_gate_and_sleeps_on: `
    bug W30
    capacity 2
    tree []
    task put 10
    task batch put 10 and put 20
    crashes 0
    schedule a2ba`,
  gate_and_latch_wait_for_each_other: `
    bug W40
    capacity 2
    tree []
    task put 10
    task batch put 10 and put 20
    crashes 0
    schedule ab2a`,
  half_of_a_batch_comes_back: `
    bug W24
    capacity 2
    tree []
    task batch put 10 and put 20
    task get 10 then clean
    crashes 1
    schedule a3b8c=0d38`,
  disk_flips_a_bit_that_recovery_reads: `
    protocol optimistic-crabbing
    capacity 2
    tree [30]
    task delete 5
    task get 20
    crashes 2
    commit adaptive
    reads durable
    survival mixed
    faults corrupt
    schedule b=0ab=0a3c=0d3=0d7=1d15e=0f25`,
  scan_goes_round_in_a_circle: `
    bug D9
    capacity 2
    tree [10,20][40]
    task scan-back
    task insert 15
    schedule a3b4a39993`,
};

/** Without the one that goes round and round: it takes as long as all others. */
const RETOLD = Object.entries(RUNS).flatMap(([name, text]) =>
  IS_CAMPAIGN || name !== "scan_goes_round_in_a_circle" ? [text] : [],
);

describe("stories", () => {
  it.each(Object.entries(RUNS))("tell of %s", async (name, text) => {
    await expect(formatStory(storyOf(text))).toMatchFileSnapshot(`stories/${name}.txt`);
  });

  it.each(RETOLD)("end with a line that tells the same story again", (text) => {
    const story = storyOf(text);
    const { scenario, schedule } = parseReplay(story.replay);
    expect(tellStory(scenario, schedule)).toEqual(story);
  });

  it.each(Object.values(RUNS))("keep within their width, but for the replay line", (text) => {
    const story = storyOf(text);
    for (const widthMax of [100, 120]) {
      const lines = formatStory(story, { widthMax }).split("\n");
      expect(lines.filter((line) => line.length > widthMax && !line.includes("LW1:"))).toEqual([]);
    }
  });

  it("are plain data", () => {
    const story = storyOf(RUNS["reader_looks_in_the_left_half"] ?? "");
    expect(JSON.parse(JSON.stringify(story))).toEqual(story);
  });

  it("say where a schedule stops fitting the scenario", () => {
    const story = storyOf("task get 10\ntask get 10\nschedule acb");
    expect(story.drift).not.toBeNull();
    expect(formatStory(story)).toContain("note: the schedule fits this scenario only up to step");
  });

  it("leave out the middle of a run that does not end", () => {
    const operations = Array.from({ length: 300 }, (_, key) => `get ${key}`).join(" then ");
    const story = storyOf(`tree [10]\ntask ${operations}\nschedule a`);
    expect(story.rows.length + story.rowsLeftOut).toBe(story.steps);
    expect(story.rows.length).toBeLessThanOrEqual(400);
    expect(formatStory(story)).toContain(`${story.rowsLeftOut} steps are left out here`);
  });

  it("name what an own replay line names", () => {
    const { scenario } = parseScenario("tree [10]\ntask get 10\nschedule a2");
    expect(tellStory(scenario, "a2").replay).toBe(formatReplay(scenario, "a2"));
  });
});

/** Each is told once for all tests: one of them takes seconds. */
function storyOf(text: string): Story {
  const told = TOLD.get(text);
  if (told !== undefined) return told;
  const { scenario, schedule } = parseScenario(text);
  const story = tellStory(scenario, schedule ?? "");
  TOLD.set(text, story);
  return story;
}
