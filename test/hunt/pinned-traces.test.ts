import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const script = fileURLToPath(new URL("trace-digests.mjs", import.meta.url));

let first: unknown = null;

/** Once for all tests: a process takes its time to load. */
function digests(): unknown {
  first ??= digestsOfNewProcess();
  return first;
}

function digestsOfNewProcess(): unknown {
  return JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" }));
}

// The same seed gives the same bytes on every machine and Node version. A change here means that
// recorded seeds mean something else from now on: say so in the commit that changes it.
describe("pinned traces", () => {
  it("are the same bytes as ever", () => {
    expect(digests()).toMatchInlineSnapshot(`
      {
        "crabbing, merge barging, random": "2e2dba73163718c7",
        "crabbing, merge, pct3": "acd7562cdce452af",
        "crabbing, split, random": "c7ae659388c44e7d",
        "optimistic-crabbing, merge, dfs:1": "c65da76a85d87d35",
        "optimistic-crabbing, split, urw": "a634f90c879caf37",
        "tree-mutex, split, swarm": "a6f6cc012a00e360",
        "tree-rw, merge, round-robin": "9b086e593697e581",
      }
    `);
  });

  it("are the same bytes in another process", () => {
    expect(digestsOfNewProcess()).toEqual(digests());
  });
});
