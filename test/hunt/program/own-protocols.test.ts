import { describe, expect, it } from "vitest";
import { Crabbing, type Operation, type PageHandle } from "../../../src/btree/index.ts";
import { rightOf } from "../../../src/storage/index.ts";
import { assert, type Task } from "../../../src/task/index.ts";
import {
  huntScenario,
  parseScenario,
  replayScenario,
  resolveProtocol,
  type Scenario,
} from "../../../src/hunt/index.ts";
import { defaultPortfolio } from "../../../src/sim/index.ts";

class ScanLetsGoEarly extends Crabbing {
  override readonly name: string = "scan-lets-go-early";

  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const id = rightOf(leaf);
    leaf.release();
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next;
  }
}

const own = [new ScanLetsGoEarly()];

function scenarioUnder(protocol: string, bug: string | null = null): Scenario {
  const text = "capacity 2\ntree [10,20][30]\ntask scan\ntask get 10\ntask delete 30\n";
  return { ...parseScenario(text).scenario, protocol, bug };
}

describe("a protocol of one's own", () => {
  it("is hunted, shrunk and replayed by its name", () => {
    const result = huntScenario(scenarioUnder("scan-lets-go-early"), {
      protocols: own,
      strategies: defaultPortfolio,
      seed: 1,
      runsMax: 2000,
      shrink: { runsMax: 2000 },
    });
    expect(result.verdict.finding?.failure.kind).toBe("freed-page");
    expect(result.shrunk).toMatchObject({ tasks: 2, operations: 2, preemptions: 1 });
    assert(result.run !== null, "the hunt found it");
    const { scenario, schedule } = result.run;
    expect(scenario.protocol).toBe("scan-lets-go-early");
    const { failure } = replayScenario(scenario, schedule, undefined, own);
    expect(failure?.kind).toBe("freed-page");
  });

  it("leaves the names of the house as they are", () => {
    expect(resolveProtocol(scenarioUnder("crabbing"), own).protocol.name).toBe("crabbing");
  });

  it("builds its initial tree under a right protocol", () => {
    const { protocol, builder } = resolveProtocol(scenarioUnder("scan-lets-go-early"), own);
    expect(protocol).toBe(own[0]);
    expect(builder.name).toBe("tree-mutex");
  });

  it("may not take a name of the house", () => {
    expect(() => resolveProtocol(scenarioUnder("crabbing"), [new Crabbing()])).toThrow(
      "a protocol of one's own is named crabbing, which is taken; expected a new name",
    );
  });

  it("has none of the planted bugs", () => {
    expect(() => resolveProtocol(scenarioUnder("scan-lets-go-early", "C1"), own)).toThrow(
      "bug C1 is one of protocol crabbing, not of scan-lets-go-early",
    );
  });
});
