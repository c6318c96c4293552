/**
 * The web client's development server, as a process of its own: says "ready" when it listens, and ends with its
 * input, that is with whoever started it, however that ended.
 */
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const configFile = fileURLToPath(new URL("../../../web/vite.config.ts", import.meta.url));
const server = await createServer({ configFile, clearScreen: false });
await server.listen();
console.log("ready");
process.stdin.resume().on("end", () => process.exit());
