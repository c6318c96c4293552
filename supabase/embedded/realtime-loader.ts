import { existsSync } from "node:fs";
import type { UpgradeHandler } from "./gateway/server.ts";

interface Realtime {
  readonly handleUpgrade: UpgradeHandler;
  close(): Promise<void>;
}

const SERVER = new URL("realtime/server.ts", import.meta.url);

/** Stands in until the endpoint exists; to be replaced by a plain import. */
export async function loadRealtime(options: object): Promise<Realtime> {
  if (existsSync(SERVER)) return (await import(SERVER.href)).createRealtimeServer(options);
  return { handleUpgrade: (_incoming, socket) => socket.destroy(), close: async () => {} };
}
