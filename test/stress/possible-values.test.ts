import { describe, expect, it } from "vitest";
import { PossibleValues } from "../../src/stress/index.ts";

/** Which of some values a key may hold. */
function allowed(possible: PossibleValues): (string | null)[] {
  return [null, "a", "b", "c"].filter((value) => possible.allows("k", value));
}

describe("what a key may hold", () => {
  it("is absent before the first write, or what was there", () => {
    const possible = new PossibleValues();
    expect(allowed(possible)).toEqual([null]);
    possible.begin("k", "a");
    expect(allowed(possible)).toEqual(["a"]);
  });

  it("is what the last of writes one after the other left", () => {
    const possible = new PossibleValues();
    possible.acknowledge("k", "a", possible.moment());
    possible.acknowledge("k", "b", possible.moment());
    expect(allowed(possible)).toEqual(["b"]);
    possible.acknowledge("k", null, possible.moment());
    expect(allowed(possible)).toEqual([null]);
  });

  it("is what any of those left that overlapped the last, and none that was over before", () => {
    const possible = new PossibleValues();
    possible.acknowledge("k", "a", possible.moment());
    const [b, c] = [possible.moment(), possible.moment()];
    possible.acknowledge("k", "c", c);
    possible.acknowledge("k", "b", b);
    expect(allowed(possible)).toEqual(["b", "c"]);
  });

  it("is what a write of unknown outcome would leave, however late", () => {
    const possible = new PossibleValues();
    possible.suspect("k", "a");
    expect(allowed(possible)).toEqual([null, "a"]);
    possible.acknowledge("k", "b", possible.moment());
    expect(allowed(possible)).toEqual(["a", "b"]);
  });

  it("is no more what a crash cut off, once another write began after it", () => {
    const possible = new PossibleValues();
    possible.suspect("k", "a");
    possible.crash();
    expect(allowed(possible)).toEqual([null, "a"]);
    possible.acknowledge("k", "b", possible.moment());
    expect(allowed(possible)).toEqual(["b"]);
  });
});
