// Opens the database of a directory, says so over IPC, and keeps it until killed.
// Usage: node hold-database.mjs DIRECTORY
import { open } from "../../dist/level/index.js";

const level = await open(process.argv[2]);
await level.put("held", "yes");
process.send("open");
process.on("disconnect", () => process.exit(0));
