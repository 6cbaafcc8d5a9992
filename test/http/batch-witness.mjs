import { HttpConnection } from "../../dist/stress/index.js";

const KEYS = 5;
const PAUSE_MS = 5;

/**
 * Puts one value under several keys by one batch, a higher one each time, and looks after a crash
 * whether all of them have the same one: the last that was acknowledged, or one that was under way.
 *
 * Its keys are its own. They lie far from each other, and so in different leaves and partitions.
 */
export class BatchWitness {
  #url;
  #table;
  #keys;
  #isStopped = false;
  #done = Promise.resolve();
  #asked = 0;
  #acknowledged = 0;

  constructor(url, table, number) {
    this.#url = url;
    this.#table = table;
    this.#keys = Array.from({ length: KEYS }, (_, i) => `${i * 37}-witness-${number}`);
  }

  /** How many batches were acknowledged. */
  get acknowledged() {
    return this.#acknowledged;
  }

  /** Writes until {@link stop}; whatever breaks off is of unknown outcome. */
  start() {
    this.#isStopped = false;
    this.#done = this.#write();
  }

  async stop() {
    this.#isStopped = true;
    await this.#done;
  }

  async #write() {
    const connection = new HttpConnection(this.#url);
    while (!this.#isStopped) {
      const value = String(++this.#asked);
      const body = Buffer.from(
        JSON.stringify(this.#keys.map((key) => ({ op: "put", key, value }))),
      );
      const reply = await connection.request({
        method: "POST",
        path: `/tables/${this.#table}/batch`,
        headers: { "content-type": "application/json" },
        body,
      });
      if (reply.kind !== "answered") break;
      if (reply.status === 200) this.#acknowledged = this.#asked;
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
    await connection.destroy();
  }

  /** What is wrong with the keys. Requires: it is stopped, and the server runs again. */
  async problems() {
    const connection = new HttpConnection(this.#url);
    const found = [];
    for (const key of this.#keys) {
      const path = `/tables/${this.#table}/keys/${key}`;
      const reply = await connection.request({ method: "GET", path });
      if (reply.kind !== "answered") return [`${key} cannot be read: ${reply.error.message}`];
      found.push(reply.status === 200 ? Number(reply.body.toString()) : 0);
    }
    await connection.destroy();
    const what = `keys of one batch are ${found.join(", ")}`;
    if (new Set(found).size > 1) return [`half a batch: ${what}`];
    const [value] = found;
    if (value < this.#acknowledged) return [`lost: ${what}, acknowledged ${this.#acknowledged}`];
    return value > this.#asked ? [`${what}, which nobody put`] : [];
  }
}
