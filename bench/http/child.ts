/** The process that answers, under the library that its argument names. */
import { LIBRARIES, type LibraryName } from "./libraries.ts";

const port = await LIBRARIES[process.argv[2] as LibraryName]();
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system });
});
process.send?.({ url: `http://127.0.0.1:${port}` });
