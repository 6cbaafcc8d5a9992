import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("trace-digests.mjs", import.meta.url));

function digestsOfNewProcess(): unknown {
  return JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" }));
}

// The same seed gives the same bytes on every machine and Node version. A change here means that
// recorded seeds mean something else from now on: say so in the commit that changes it.
describe("pinned traces", () => {
  it("are the same bytes as ever", () => {
    expect(digestsOfNewProcess()).toMatchInlineSnapshot(`
      {
        "crabbing, merge barging, random": "35b6cec6b6e22e5b",
        "crabbing, merge, pct3": "c8781fdd90dfdd71",
        "crabbing, split, random": "c7ae659388c44e7d",
        "optimistic-crabbing, merge, dfs:1": "90c845198d45ddb2",
        "optimistic-crabbing, split, urw": "f1db4b3124a33d9f",
        "tree-mutex, split, swarm": "a6f6cc012a00e360",
        "tree-rw, merge, round-robin": "9b086e593697e581",
      }
    `);
  });

  it("are the same bytes in another process", () => {
    expect(digestsOfNewProcess()).toEqual(digestsOfNewProcess());
  });
});
