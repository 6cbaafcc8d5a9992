import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
/** Where the command is built from; until it is, the database's own check has to do. */
const PART = fileURLToPath(new URL("../../dist/cli/verify.js", import.meta.url));
const HAS_VERIFY = existsSync(PART);

/** What `latchwork verify DIRECTORY` finds wrong; nothing if it ends with 0. */
export function verifyByCommand(directory) {
  if (!HAS_VERIFY) return [];
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, "verify", directory], {
    encoding: "utf8",
  });
  return status === 0 ? [] : [`latchwork verify ends with ${status}: ${stdout}${stderr}`];
}
