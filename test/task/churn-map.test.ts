import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChurnMap } from "../../src/task/index.ts";

describe("a map for entries that come and go", () => {
  it("is a map, whatever is done to it", () => {
    const key = fc.oneof(
      fc.nat(20),
      fc.nat(2 ** 32 - 1),
      fc.nat(5).map((n) => n * 4096),
    );
    const change = fc.record({ kind: fc.constantFrom("set", "delete", "get"), key });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
        const map = new ChurnMap<number>();
        const model = new Map<number, number>();
        for (const [at, { kind, key: of }] of changes.entries()) {
          if (kind === "set") map.set(of, at);
          if (kind === "set") model.set(of, at);
          const wasThere = kind === "delete" && map.delete(of);
          expect(wasThere).toBe(kind === "delete" && model.delete(of));
          expect(map.get(of)).toBe(model.get(of));
          expect(map.size).toBe(model.size);
        }
        for (const [of, value] of model) expect(map.get(of)).toBe(value);
      }),
    );
  });

  it("grows, and keeps all of thousands", () => {
    const map = new ChurnMap<string>();
    for (let key = 0; key < 5_000; key++) map.set(key * 64, String(key));
    expect(map.size).toBe(5_000);
    for (let key = 0; key < 5_000; key++) expect(map.get(key * 64)).toBe(String(key));
    for (let key = 0; key < 5_000; key++) expect(map.delete(key * 64)).toBe(true);
    expect([map.size, map.get(64), map.delete(64)]).toEqual([0, undefined, false]);
  });
});
