import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { LabServer } from "../../src/cli/lab/lab-server.ts";
import { siteOf } from "../../src/cli/lab/site.ts";
import { parseScenario } from "../../src/hunt/index.ts";
import { parseLink } from "../../src/lab/index.ts";
import { ended, runCli, startCli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "latchwork-lab-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Makes a folder as `dist` is, with these files in it. */
function distWith(name: string, files: Readonly<Record<string, string>>): string {
  const dist = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dist, path, ".."), { recursive: true });
    writeFileSync(join(dist, path), text);
  }
  return dist;
}

const PAGE = { "lab/web/index.html": "the lab", "secret.js": "not served" };
const DOCS = {
  ...PAGE,
  "site/index.html": "the docs",
  "site/404.html": "not here",
  "site/chapter.html": "one",
  "site/assets/app.js": "run()",
  "site/part/index.html": "part",
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** Asks for a path exactly as it is written, which `fetch` would tidy up. */
async function ask(address: string, path: string, more: object = {}): Promise<Answer> {
  const { hostname, port } = new URL(address);
  const request = get({ hostname, port, path, agent: false, ...more });
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const part of response.setEncoding("utf8")) text += String(part);
  return { status: response.statusCode, headers: response.headers, text };
}

describe("the lab's server", () => {
  let server: LabServer | null = null;
  const serve = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    server = new LabServer(siteOf(distWith(name, files)));
    return await server.start(0);
  };
  afterEach(async () => await server?.stop());

  it("has the page at /lab/, and leads there from anywhere that somebody may try", async () => {
    const address = await serve("page", PAGE);
    expect(await ask(address, "/lab/")).toMatchObject({ status: 200, text: "the lab" });
    expect(await ask(address, "/lab/index.html?x=1")).toMatchObject({ text: "the lab" });
    expect((await ask(address, "/")).headers.location).toBe("/lab/");
    expect((await ask(address, "/lab")).headers.location).toBe("/lab/");
    expect(await ask(address, "/other")).toMatchObject({ status: 404 });
  });

  it("has the docs site at /, with pages at their short addresses too", async () => {
    const address = await serve("docs", DOCS);
    const text = async (path: string): Promise<string> => (await ask(address, path)).text;
    expect(await text("/")).toBe("the docs");
    expect(await text("/lab/")).toBe("the lab");
    expect(await text("/chapter")).toBe("one");
    expect(await text("/chapter.html")).toBe("one");
    expect(await text("/part/")).toBe("part");
    expect((await ask(address, "/part")).headers.location).toBe("/part/");
    expect(await ask(address, "/none")).toMatchObject({ status: 404, text: "not here" });
    const script = await ask(address, "/assets/app.js");
    expect(script.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  });

  it.each([
    "/../secret.js",
    "/lab/../../secret.js",
    "/%2e%2e/secret.js",
    "/..%2fsecret.js",
    "/lab/..%5c..%5csecret.js",
    "//secret.js",
    "/%00",
    "/%zz",
    "/assets",
  ])("gives out nothing else: %s", async (path) => {
    const address = await serve("other", DOCS);
    expect(await ask(address, path)).toMatchObject({ status: 404, text: "not here" });
  });

  it("takes GET and HEAD only, and only by a name of this machine", async () => {
    const address = await serve("methods", PAGE);
    const head = await ask(address, "/lab/", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, text: "" });
    expect(head.headers["content-length"]).toBe("7");
    expect(await ask(address, "/lab/", { method: "POST" })).toMatchObject({ status: 405 });
    const elsewhere = { headers: { host: "evil.example:80" } };
    expect(await ask(address, "/lab/", elsewhere)).toMatchObject({ status: 403 });
    const local = { headers: { host: "localhost:1" } };
    expect(await ask(address, "/lab/", local)).toMatchObject({ status: 200 });
  });

  it("lets a page load nothing from elsewhere, and nobody frame it", async () => {
    const address = await serve("headers", PAGE);
    const { headers } = await ask(address, "/lab/");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toMatch(/^default-src 'self' .*frame-ancestors/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("says of a page that was taken away meanwhile that it is not there", async () => {
    const address = await serve("gone", PAGE);
    rmSync(join(folder, "gone", "lab"), { recursive: true });
    expect(await ask(address, "/lab/")).toMatchObject({ status: 404 });
  });

  it("is not started where the page is not built, or the port is taken", async () => {
    expect(() => siteOf(folder)).toThrow("lab: its page is not built here");
    const address = await serve("taken", PAGE);
    const second = new LabServer(siteOf(join(folder, "taken")));
    const port = Number(new URL(address).port);
    await expect(second.start(port)).rejects.toThrow(`port ${port}: another process listens there`);
  });
});

describe("latchwork lab", () => {
  it("serves the page that was built until Ctrl-C", async () => {
    const child = startCli(["lab", "scenarios/smallest_split.txt", "--json"]);
    const result = ended(child);
    const [line] = (await once(child.stdout, "data")) as [string];
    const { address } = JSON.parse(line) as { readonly address: string };
    const { pathname, hash } = new URL(address);
    const built = new URL("../../dist/lab/web/index.html", import.meta.url);
    expect((await ask(address, pathname)).text).toBe(readFileSync(built, "utf8"));
    const text = readFileSync("scenarios/smallest_split.txt", "utf8");
    const run = { scenario: parseScenario(text).scenario, schedule: [], cursor: 0 };
    expect(parseLink(hash)).toMatchObject({ kind: "state", state: { run } });
    const port = new URL(address).port;
    expect(await runCli(["lab", "--port", port])).toMatchObject({ code: 2, stdout: "" });
    child.kill("SIGINT");
    expect(await result).toEqual({ code: 130, stdout: line, stderr: "" });
  });

  it.skipIf(process.platform === "win32")("opens the browser, or says why not", async () => {
    const bin = join(folder, "bin");
    const opened = join(folder, "opened");
    mkdirSync(bin);
    const opener = process.platform === "darwin" ? "open" : "xdg-open";
    writeFileSync(join(bin, opener), `#!/bin/sh\nprintf %s "$1" > '${opened}'\nexit 3\n`);
    chmodSync(join(bin, opener), 0o755);
    const tell = async (path: string): Promise<readonly [string, string]> => {
      const child = startCli(["lab", "--open"], { PATH: path });
      const result = ended(child);
      await once(child.stderr, "data");
      child.kill("SIGINT");
      const { code, stdout, stderr } = await result;
      expect(code).toBe(130);
      expect(stdout).toMatch(/^the lab is at http:\/\/127\.0\.0\.1:\d+\/lab\/\n/);
      return [stdout, stderr];
    };
    const PREFIX = "latchwork: the browser could not be opened: ";
    const [stdout, stderr] = await tell(`${bin}${delimiter}${process.env["PATH"]}`);
    expect(stderr).toBe(`${PREFIX}${opener} ended with 3\n`);
    expect(stdout).toContain(`${readFileSync(opened, "utf8")}\n`);
    expect((await tell(folder))[1]).toBe(`${PREFIX}there is no ${opener}\n`);
  });

  it.each([
    ["no file", "nowhere.txt", 'lab: "nowhere.txt" is no file, nor a line that begins with LW1:'],
    ["a line cut short", "LW1:task get 20", "check digits do not fit"],
    ["a file of something else", "package.json", "package.json: scenario line 1: unknown word"],
  ])("refuses %s in one line", async (_, run, message) => {
    const { code, stdout, stderr } = await runCli(["lab", run]);
    expect(stderr).toContain(message);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});
