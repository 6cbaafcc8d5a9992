import { describe, expect, it } from "vitest";
import { murmur3 } from "../../src/storage/index.ts";

const text = (string: string): Uint8Array => new TextEncoder().encode(string);

describe("MurmurHash3", () => {
  // Published for MurmurHash3_x86_32, with these seeds.
  it.each([
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["aaaa", 0x9747b28c, 0x5a97808a],
    ["test", 0, 0xba6bd213],
    ["Hello, world!", 0, 0xc0363e43],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
  ])("of %j with seed %i is as published", (key, seed, hash) => {
    expect(murmur3(text(key), seed)).toBe(hash);
  });

  it.each([
    [[0xff, 0xff, 0xff, 0xff], 0, 0x76293b50],
    [[0x21, 0x43, 0x65, 0x87], 0, 0xf55b516b],
    [[0x21, 0x43, 0x65, 0x87], 0x5082edee, 0x2362f9de],
    [[0x21, 0x43, 0x65], 0, 0x7e4a8634],
    [[0x21, 0x43], 0, 0xa0f7b07a],
    [[0x21], 0, 0x72661cf4],
    [[0, 0, 0, 0], 0, 0x2362f9de],
    [[0, 0, 0], 0, 0x85f0b427],
  ])("of bytes %j with seed %i is as published", (bytes, seed, hash) => {
    expect(murmur3(Uint8Array.from(bytes), seed)).toBe(hash);
  });

  it("reads the key alone, wherever it lies in a larger array", () => {
    const large = text("..the key itself..");
    expect(murmur3(large.subarray(2, 16))).toBe(murmur3(text("the key itself")));
  });
});
