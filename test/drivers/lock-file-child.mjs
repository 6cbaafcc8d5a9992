// Tries to take the lock file of a directory, and says over IPC what came of it.
// Usage: node lock-file-child.mjs DIRECTORY
import { LockFile } from "../../dist/drivers/lock-file.js";
import { FileDirectory } from "../../dist/drivers/file-directory.js";

const [path] = process.argv.slice(2);
const directory = FileDirectory.open(path);
let lock = null;

process.send({ said: "ready" });
process.on("message", (order) => void obey(order));

async function obey(order) {
  if (order === "take") {
    try {
      lock = await LockFile.take(directory);
      process.send({ said: "taken" });
    } catch (error) {
      process.send({ said: "refused", code: error.code, message: error.message });
    }
  }
  if (order === "release") {
    await lock.release();
    process.send({ said: "released" });
  }
  if (order === "exit") process.exit(0);
}

process.on("disconnect", () => process.exit(0));
