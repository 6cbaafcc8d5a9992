import { HttpConnection, type HttpReply } from "../../src/stress/index.ts";
import type { Prng } from "../../src/task/index.ts";
import { keyOf, numberOf, valueOf } from "./keys.ts";

const BATCH = 500;
/** Keys are read back by so many scans, by the first digit of what is behind their `k`. */
const DIGITS = "0123456789abcdef".split("");
const GROWTH = 2;

/** The keys of one table, and which of them were acknowledged. */
export class TableKeys {
  readonly name: string;
  #next = 0;
  #acknowledged = new Uint8Array(2 ** 16);

  constructor(name: string) {
    this.name = name;
  }

  path(key: string): string {
    return `/tables/${this.name}/keys/${key}`;
  }

  /** The number of a key that was never put. */
  next(): number {
    return this.#next++;
  }

  acknowledge(number: number): void {
    if (number >= this.#acknowledged.length) {
      const more = new Uint8Array(this.#acknowledged.length * GROWTH);
      more.set(this.#acknowledged);
      this.#acknowledged = more;
    }
    this.#acknowledged[number] = 1;
  }

  /** How many keys were acknowledged. O(keys). */
  get acknowledged(): number {
    return this.#acknowledged.reduce((sum, flag) => sum + flag, 0);
  }

  /** Draws a number that was acknowledged. Requires: some were, the first among them. */
  drawAcknowledged(prng: Prng): number {
    for (let tries = 0; tries < 8; tries++) {
      const number = prng.below(this.#next);
      if (this.#acknowledged[number] === 1) return number;
    }
    return 0;
  }

  /** Puts so many keys by batches. */
  async fill(url: string, count: number): Promise<void> {
    const connection = new HttpConnection(url);
    while (this.#next < count) {
      const numbers = Array.from({ length: Math.min(BATCH, count - this.#next) }, () =>
        this.next(),
      );
      const writes = numbers.map((number) => {
        const key = keyOf(number);
        return { op: "put", key, value: valueOf(key) };
      });
      const reply = await connection.request({
        method: "POST",
        path: `/tables/${this.name}/batch`,
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(writes)),
      });
      requireOk(reply, `a batch of ${this.name}`);
      for (const number of numbers) this.acknowledge(number);
    }
    await connection.destroy();
  }

  /** Reads the whole table, and gives how many acknowledged keys are not there as they were put. */
  async lost(url: string): Promise<number> {
    const connection = new HttpConnection(url);
    const missing = this.#acknowledged.slice();
    for (const [i, digit] of DIGITS.entries()) {
      const end = DIGITS[i + 1] ?? "g";
      const path = `/tables/${this.name}/keys?start=k${digit}&end=k${end}`;
      const reply = await connection.request({ method: "GET", path });
      const body = requireOk(reply, `a scan of ${this.name}`);
      for (const line of body.toString("utf8").split("\n")) {
        if (line === "") continue;
        const { key, value } = JSON.parse(line) as { readonly key: string; readonly value: string };
        if (value === valueOf(key)) missing[numberOf(key)] = 0;
      }
    }
    await connection.destroy();
    return missing.reduce((sum, flag) => sum + flag, 0);
  }
}

function requireOk(reply: HttpReply, what: string): Buffer {
  if (reply.kind === "answered" && reply.status === 200) return reply.body;
  const why =
    reply.kind === "answered" ? `${reply.status} ${String(reply.body)}` : reply.error.message;
  throw new Error(`${what}: expected 200, found ${why}`);
}
