import { describe, expect, it } from "vitest";
import { changed, rawAnswer, RawClient, serving } from "./serving.ts";

const PATH = "/tables/orders/keys";
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const put = (key: string, value: string): string =>
  `PUT ${PATH}/${key} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${value.length}\r\n\r\n${value}`;

describe("a client that does not wait for its answers", () => {
  it("is not told of a write that the bytes behind it made it fail", async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const { server, ask } = await serving({}, (table) =>
      changed(table, { put: (key, value) => opened.then(() => table.put(key, value)) }),
    );
    const client = new RawClient(server.port);
    await client.write(`${put("a", "1")}${put("b", "2")}nonsense\r\n\r\n`);
    await expect.poll(() => server.stats()).toMatchObject({ inFlight: 2 });
    await client.write("more of it");
    open();
    await client.closed;
    const statuses = client.received.match(/HTTP\/1.1 \d+/g);
    expect(statuses).toEqual(["HTTP/1.1 204", "HTTP/1.1 204", "HTTP/1.1 400"]);
    expect(await (await ask(`${PATH}/b`)).text()).toBe("2");
  });

  it("is not told so by the answer to a CONNECT either", async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const { server } = await serving({}, (table) =>
      changed(table, { put: (key, value) => opened.then(() => table.put(key, value)) }),
    );
    const client = new RawClient(server.port);
    await client.write(`${put("a", "1")}CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await client.closed;
    open();
    expect(client.received).toBe("");
    await expect.poll(() => server.stats()).toMatchObject({ connections: 0, inFlight: 0 });
  });

  it("gets the whole list that came before bytes that are no request", async () => {
    const { server, orders } = await serving();
    await orders.put(Buffer.from("a"), Buffer.from("1"));
    const answer = await rawAnswer(server, `${get(PATH)}nonsense\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*"key":"a"[\s\S]*\r\n0\r\n\r\nHTTP\/1.1 400 /);
  });
});

describe("a request of another version", () => {
  it("gets no list before HTTP/1.1, where one that is cut off would look whole", async () => {
    const { server } = await serving();
    const answer = await rawAnswer(server, `GET ${PATH} HTTP/1.0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"BAD_VERSION"/);
  });

  it("is told in words that it lacks a host", async () => {
    const { server } = await serving();
    const answer = await rawAnswer(server, "GET /tables HTTP/1.1\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"BAD_REQUEST"[\s\S]*header Host/);
  });
});
