import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../cli/run-cli.ts";
import { openTables } from "../../src/level/index.ts";
import { startServeIn, type Started } from "./serve-process.ts";
import { atEnd, changed, directoryUntilEnd, RawClient, serving, statusOf } from "./serving.ts";

const PATH = "/tables/orders/keys";
const put = (body: string): RequestInit => ({ method: "PUT", body });

describe("a stop", () => {
  it("answers what was taken on, closes what is idle, and takes nothing new", async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const { server, ask } = await serving({}, (table) =>
      changed(table, { put: (key, value) => opened.then(() => table.put(key, value)) }),
    );
    const [fresh, idle, busy] = [1, 2, 3].map(() => new RawClient(server.port));
    await idle?.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await idle?.has("ok");
    await busy?.write(`PUT ${PATH}/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n1`);
    await expect.poll(() => server.stats()).toMatchObject({ inFlight: 1 });
    const stopping = server.stop(10_000);
    await Promise.all([fresh?.closed, idle?.closed]);
    await expect(ask("/health")).rejects.toThrow("fetch failed");
    await busy?.write("2");
    open();
    await busy?.closed;
    expect(busy?.received).toMatch(/^HTTP\/1.1 204 [\s\S]*Connection: close/);
    expect(await stopping).toEqual({ cutOff: 0 });
  });

  it("cuts off what takes too long, and says how much", async () => {
    const { server } = await serving();
    const client = new RawClient(server.port);
    await client.write(`PUT ${PATH}/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n1`);
    await expect.poll(() => server.stats()).toMatchObject({ inFlight: 1 });
    expect(await server.stop(100)).toEqual({ cutOff: 1 });
    await client.closed;
    expect(client.received).toBe("");
  });
});

async function startServe(directory: string, ...more: string[]): Promise<Started> {
  const started = await startServeIn(directory, ...more);
  atEnd(async () => started.child.kill("SIGKILL"));
  return started;
}

describe("latchwork serve", () => {
  it("loses no write that it answered, when it is stopped among them", async () => {
    const directory = join(directoryUntilEnd(), "shop");
    const { child, url, result } = await startServe(directory, "--tables", "orders,users");
    const answered: string[] = [];
    let isStopped = false;
    const write = async (client: number): Promise<void> => {
      for (let i = 0; !isStopped; i++) {
        const key = `${client}-${i}`;
        // oxlint-disable-next-line no-await-in-loop -- each client waits for its answer
        const answer = await fetch(`${url}${PATH}/${key}`, put(key)).catch(() => null);
        if (answer === null) return;
        expect(answer.status).toBe(204);
        answered.push(key);
      }
    };
    const clients = Array.from({ length: 16 }, (_, i) => write(i));
    await expect.poll(() => answered.length, { timeout: 20_000 }).toBeGreaterThan(200);
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await result;
    isStopped = true;
    await Promise.all(clients);
    expect(stderr).toBe("");
    expect(stdout.split("\n")[1]).toBe('{"event":"stop","signal":"SIGTERM","cutOff":0}');
    expect(code).toBe(0);
    const database = await openTables(directory);
    const table = database.table("orders");
    const found = await table.getMany(answered);
    expect(found).toEqual(answered);
    await database.close();
  });

  it("ends at once at the second signal, and keeps what it answered", async () => {
    const directory = join(directoryUntilEnd(), "shop");
    const first = await startServe(directory, "--tables", "orders");
    expect((await fetch(`${first.url}${PATH}/a`, put("1"))).status).toBe(204);
    const { port } = new URL(first.url);
    const client = new RawClient(Number(port));
    await client.write(`PUT ${PATH}/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n1`);
    await expect
      .poll(async () => (await fetch(`${first.url}/stats`)).json())
      .toMatchObject({ inFlight: 2 });
    first.child.kill("SIGINT");
    await expect.poll(() => fetch(first.url).catch(() => "refused")).toBe("refused");
    first.child.kill("SIGINT");
    expect((await first.result).code).toBe(130);
    const second = await startServe(directory);
    expect(await (await fetch(`${second.url}${PATH}/a`)).text()).toBe("1");
    expect((await fetch(`${second.url}${PATH}/b`)).status).toBe(404);
    second.child.kill("SIGTERM");
    expect((await second.result).code).toBe(0);
  });

  it("takes a token from a file, and warns where it needs one", async () => {
    const folder = directoryUntilEnd();
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "secret\n");
    const shop = join(folder, "shop");
    const closed = ["--tables", "orders", "--token-file", tokenFile, "--host", "0.0.0.0"];
    const first = await startServe(shop, ...closed);
    const url = first.url.replace("0.0.0.0", "127.0.0.1");
    expect(await statusOf(fetch(`${url}/tables`))).toBe("401 UNAUTHORIZED");
    const headers = { authorization: "Bearer secret" };
    expect(await statusOf(fetch(`${url}/tables`, { headers }))).toBe("200");
    first.child.kill("SIGTERM");
    expect(await first.result).toMatchObject({ code: 0, stderr: "" });
    const second = await startServe(shop, "--host", "0.0.0.0");
    second.child.kill("SIGTERM");
    const { stderr } = await second.result;
    expect(stderr).toMatch(/^latchwork: http:\S+ can be reached from other machines.*\n$/);
  });

  it("refuses bad input in one line", async () => {
    const folder = directoryUntilEnd();
    const nowhere = join(folder, "nowhere");
    for (const [args, message] of [
      [[nowhere], "nowhere does not exist"],
      [[nowhere, "--tables", "a/b"], "table"],
      [[nowhere, "--tables", "a,,b"], "table"],
      [[nowhere, "--tables", "a", "--page-size", "1000"], "page size"],
      [[nowhere, "--port", "70000"], "Expected a whole number from 0 to 65535"],
      [[nowhere, "--token-file", join(folder, "none")], "there is no such file"],
      [[nowhere, "--tables", "a", "--commit-policy", "often"], "often"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { code, stderr } = await runCli(["serve", ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
    expect(existsSync(nowhere), "made for nothing").toBe(false);
  });
});
