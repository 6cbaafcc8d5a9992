import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inspectDirectory, type LatchworkLevel, open } from "../../src/level/index.ts";
import { CAN_CONTAIN, RemoteDatabase } from "../level/rpc.ts";
import { IS_CAMPAIGN } from "../campaign.ts";

const VALUE_BYTES = 60;
const LEASE_MS = 400;
const SMALL = { pageSize: 512, poolPages: 64, segmentBytes: 8_192, checkpointBytes: 16_384 };
const LEASED = { ...SMALL, lockLeaseMs: LEASE_MS };

let root = "";
let remotes: RemoteDatabase[] = [];
let levels: LatchworkLevel[] = [];

const place = (): string => join(root, "db");

function container(): RemoteDatabase {
  const made = new RemoteDatabase(undefined, true);
  remotes.push(made);
  return made;
}

async function opened(options: object): Promise<LatchworkLevel> {
  const level = await open(place(), options);
  levels.push(level);
  return level;
}

async function refusal(options: object = {}): Promise<string> {
  try {
    await opened(options);
    return "not refused";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Takes from the lock what would tell that its holder lives, as on another machine. */
function hideHolder(): void {
  for (const name of readdirSync(place())) {
    if (name.startsWith("lock.alive-")) rmSync(join(place(), name));
  }
}

function bytesOf(path: string): Record<string, string> {
  const names = readdirSync(path).filter((name) => !name.startsWith("lock"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), "hex")]));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "latchwork-containers-"));
  remotes = [];
  levels = [];
});

afterEach(async () => {
  await Promise.allSettled(levels.map((level) => level.close()));
  await Promise.all(remotes.map((each) => each.kill()));
  rmSync(root, { recursive: true, force: true });
});

describe.runIf(CAN_CONTAIN)("a database that is open in a container", () => {
  it("keeps others out while its process lives, stopped or not", async () => {
    const holder = container();
    await holder.open(place(), SMALL);
    const inUse = `${place()}: process 1 has it open`;
    expect(await refusal()).toBe(inUse);
    expect(await container().refusal(place())).toBe(`LEVEL_LOCKED: ${inUse}`);
    holder.signal("SIGSTOP");
    expect(await refusal()).toBe(inUse);
    expect(await container().refusal(place())).toBe(`LEVEL_LOCKED: ${inUse}`);
    expect((await inspectDirectory(place())).holder).toMatchObject({ pid: 1, life: "alive" });
    holder.signal("SIGCONT");
    await holder.call("put", "a", "1");
    await holder.call("close");
    expect(readdirSync(place()).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  it.runIf(IS_CAMPAIGN)(
    "is opened by the next container as soon as it was killed, with all it acknowledged",
    async () => {
      const holder = container();
      await holder.open(place(), SMALL);
      holder.start("writeForEver", 0, VALUE_BYTES);
      await holder.progress(30);
      await holder.kill();
      const next = container();
      await next.open(place());
      expect(await next.call("missing", holder.acknowledged, VALUE_BYTES)).toEqual([]);
      await next.kill();
      // And outside of any.
      const level = await opened({});
      expect(readdirSync(place()).filter((name) => name.startsWith("lock"))).toEqual(["lock"]);
      expect(await level.check()).toEqual({ ok: true, problems: [] });
    },
  );

  it.runIf(IS_CAMPAIGN)(
    "is left alone where nobody can tell whether its process lives",
    async () => {
      const holder = container();
      await holder.open(place(), SMALL);
      hideHolder();
      const message = await refusal(LEASED);
      expect(message).toContain("process 1 of the machine or container");
      expect(message).toContain(`remove ${place()}/lock`);
      await holder.kill();
      expect(await refusal(LEASED)).toBe(message);
    },
  );

  it.runIf(IS_CAMPAIGN)(
    "is raced for by many when its process was killed, and one gets it",
    async () => {
      const holder = container();
      await holder.open(place(), SMALL);
      await holder.kill();
      const racers = Array.from({ length: 3 }, container);
      const refusals = await Promise.all(racers.map((racer) => racer.refusal(place())));
      expect(refusals.filter((text) => text === "not refused")).toHaveLength(1);
    },
  );
});

describe.runIf(CAN_CONTAIN)("a lease", () => {
  it("is no reason to displace a holder who gives signs of life", async () => {
    const holder = container();
    await holder.open(place(), LEASED);
    hideHolder();
    expect(await refusal(LEASED)).toMatch(
      /process 1 of the machine or container ".*" has it open$/,
    );
    expect(await refusal(SMALL)).toContain("or open with lockLeaseMs, as it did");
    await holder.call("put", "a", "1");
  });

  it("lets a silent holder be displaced, who then writes nothing and acknowledges nothing", async () => {
    const holder = container();
    await holder.open(place(), LEASED);
    holder.start("writeForEver", 0, VALUE_BYTES);
    await holder.progress(50);
    hideHolder();
    holder.signal("SIGSTOP");
    const began = performance.now();
    const level = await opened(LEASED);
    expect(performance.now() - began).toBeGreaterThan(1.5 * LEASE_MS);
    for (let index = 0; index < 30; index++) {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      await level.put(`new ${index}`, "v".repeat(VALUE_BYTES));
    }
    await level.checkpoint();
    const before = bytesOf(place());
    holder.signal("SIGCONT");
    const codes = await holder.call("outcomes", 1_000_000, 1_000_003, VALUE_BYTES);
    expect(codes).toEqual(["LOG_FAILED", "LOG_FAILED", "LOG_FAILED"]);
    expect(await holder.call<string>("code", "checkpoint")).toBe("LOG_FAILED");
    expect(await holder.call<string>("code", "close")).toBe("DIRECTORY_CHANGED");
    expect(bytesOf(place())).toEqual(before);
    const keys = holder.acknowledged.map((number) => `key ${number}`);
    const values = await level.getMany(keys);
    expect(values.filter((value) => value === undefined)).toEqual([]);
    expect(await level.keys({ gte: "new", lt: "o" }).all()).toHaveLength(30);
    expect(await level.check()).toEqual({ ok: true, problems: [] });
    await level.close();
    expect(readdirSync(place()).filter((name) => name.startsWith("lock"))).toEqual([]);
    expect(await (await opened({})).check()).toEqual({ ok: true, problems: [] });
  });

  it("is not needed for a holder who is known to be dead", async () => {
    const holder = container();
    await holder.open(place(), { ...SMALL, lockLeaseMs: 60_000 });
    await holder.kill();
    expect(await refusal({ lockLeaseMs: 60_000 })).toBe("not refused");
  });
});

describe("whoever has displaced another", () => {
  it("goes on with files that the other cannot reach, whatever it still does", async () => {
    const level = await opened(SMALL);
    await level.put("a", "1");
    await level.close();
    // What the sleeper has open, and what it is about to rename.
    const pages = openSync(join(place(), "pages"), "r+");
    writeFileSync(join(place(), "control.new"), "an older state");
    writeFileSync(join(place(), "lock.displaced-sleeper"), "100");
    const { ino } = statSync(join(place(), "pages"));
    const next = await opened(SMALL);
    expect(readdirSync(place()).filter((name) => /new|displaced/.test(name))).toEqual([]);
    expect(statSync(join(place(), "pages")).ino).not.toBe(ino);
    writeSync(pages, new Uint8Array(4_096).fill(7), 0, 4_096, 0);
    closeSync(pages);
    expect(await next.get("a")).toBe("1");
    await next.put("b", "2");
    expect(await next.check()).toEqual({ ok: true, problems: [] });
    await next.close();
    expect(await (await opened(SMALL)).keys().all()).toEqual(["a", "b"]);
  });
});
