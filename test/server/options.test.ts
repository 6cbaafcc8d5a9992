import { describe, expect, it } from "vitest";
import { type ServerOptions, startServer } from "../../src/server/index.ts";
import { serving } from "./serving.ts";

const NONE = new Map();

describe("a server", () => {
  it("refuses options that cannot be, in one line", async () => {
    for (const [options, message] of [
      [{ prot: 1 }, 'option "prot" of a server: there is none; did you mean port?'],
      [{ limits: { scan: 1 } }, 'option "scan" of the limits of a server'],
      [{ limits: { scans: 0 } }, "the limit scans must be a whole number above 0, not 0"],
      [{ host: "" }, "the host is empty"],
      [{ host: "203.0.113.1" }, "cannot listen at 203.0.113.1, port 0: this machine has no such"],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(startServer(NONE, options as ServerOptions)).rejects.toThrow(message);
    }
  });

  it("says that a port is taken", async () => {
    const { server } = await serving();
    await expect(startServer(NONE, { port: server.port })).rejects.toThrow(
      `cannot listen at 127.0.0.1, port ${server.port}: another process does`,
    );
  });

  it("listens at the loopback address unless told otherwise", async () => {
    const { server } = await serving();
    expect(server.address).toBe("127.0.0.1");
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    const other = await startServer(NONE, { host: "::1" });
    expect(other.url).toBe(`http://[::1]:${other.port}`);
    await other.stop(100);
  });
});
