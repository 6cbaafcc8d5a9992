// Tries to take the lock file of a directory, and says over IPC what came of it.
// Usage: node lock-file-child.mjs DIRECTORY MODULE
const [directory, module] = process.argv.slice(2);
const { LockFile } = await import(module);

process.send({ said: "ready" });
process.on("message", (order) => {
  if (order === "take") {
    try {
      LockFile.take(directory);
      process.send({ said: "taken" });
    } catch (error) {
      process.send({ said: "refused", code: error.code, message: error.message });
    }
  }
  if (order === "exit") process.exit(0);
});
process.on("disconnect", () => process.exit(0));
