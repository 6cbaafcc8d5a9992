/** The process that serves: the same server before one database or another. */
import { startServer } from "../../src/server/index.ts";
import { openStore, type StoreName } from "./stores.ts";

const [store = "", folder = "", tables = "", poolBytes = ""] = process.argv.slice(2);
const opened = await openStore(store as StoreName, folder, tables.split(","), Number(poolBytes));
const server = await startServer(opened.tables, {
  port: 0,
  onFault: (fault) => console.error(fault),
});
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6 });
});
process.send?.({ url: server.url });
