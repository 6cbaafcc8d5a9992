import { beforeEach, describe, expect, it } from "vitest";
import { countOf, Crabbing, find, Operation, rootOf, TreeStore } from "../../src/btree/index.ts";
import { DIRECT_DRIVER } from "../../src/latch/index.ts";
import { META_PAGE, type PageId } from "../../src/storage/index.ts";
import { runToCompletion, taskId } from "../../src/task/index.ts";

const KEY = Uint8Array.of(1);
const VALUE = Uint8Array.of(2);

describe("a page read without a latch", () => {
  const protocol = new Crabbing();
  let store: TreeStore;
  let reader: Operation;
  let writer: Operation;
  let root: PageId;

  beforeEach(() => {
    store = new TreeStore({ pageSize: 512 });
    reader = new Operation(store, taskId(0), DIRECT_DRIVER, protocol.latchOrder(store));
    writer = new Operation(store, taskId(1), DIRECT_DRIVER, protocol.latchOrder(store));
    root = rootOf(store.memory.frame(META_PAGE));
  });

  function write(): void {
    runToCompletion(protocol.put(writer, KEY, VALUE));
  }

  it("is valid while nobody has released it exclusively", () => {
    const page = reader.optimistic(root, "leaf");
    expect(page.isHeld).toBe(true);
    runToCompletion(protocol.get(writer, KEY));
    expect(runToCompletion(page.read(countOf))).toBe(0);
    write();
    expect(runToCompletion(page.read(countOf))).toBeNull();
    page.release();
    reader.assertIdle();
  });

  it("is invalid while somebody holds it exclusively, and refused then", () => {
    const page = reader.optimistic(root, "leaf");
    const held = writer.exclusive(root, "leaf");
    page.validate();
    expect(page.isValid).toBe(false);
    page.release();
    expect(reader.optimistic(root, "leaf").isHeld).toBe(false);
    held.release();
    expect(store.latches.firstInUse()).toBeNull();
  });

  it("is upgraded only if the version has not moved", () => {
    const page = reader.optimistic(root, "leaf");
    const leaf = reader.upgrade(page, "leaf to write");
    expect(leaf.isWritable).toBe(true);
    expect(page.isHeld).toBe(false);
    leaf.release();
    const late = reader.optimistic(root, "leaf");
    write();
    expect(reader.upgrade(late, "leaf to write").isHeld).toBe(false);
    reader.assertIdle();
  });

  it("is not upgraded while somebody reads it under its latch, and waits for nobody", () => {
    const page = reader.optimistic(root, "leaf");
    const held = writer.shared(root, "leaf");
    expect(reader.upgrade(page, "leaf to write").isHeld).toBe(false);
    held.release();
    reader.assertIdle();
  });

  it("throws on what was thrown over a whole page, and nothing over a changed one", () => {
    const page = reader.optimistic(root, "leaf");
    const fail = (): never => {
      throw new RangeError("nonsense");
    };
    expect(() => runToCompletion(page.read(fail))).toThrow("nonsense");
    write();
    expect(runToCompletion(page.read(fail))).toBeNull();
    page.release();
  });

  it("refuses every access once it is released, and a free page at once", () => {
    const page = reader.optimistic(root, "leaf");
    page.release();
    expect(() => find(page, KEY)).toThrow("was used after it was released");
    expect(() => page.release()).toThrow("was released");
    const free = store.space.highWater as PageId;
    expect(reader.optimistic(free, "child").isHeld).toBe(false);
    reader.assertIdle();
  });
});
