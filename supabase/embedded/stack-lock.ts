import { createHash } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackError } from "./stack-error.ts";

export interface StackLock {
  release(): Promise<void>;
}

/** Bytes that the path of a Unix socket may have on every platform. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Makes sure that one stack at most uses a data folder. The lock is a listening socket: the kernel lets go
 * of it however the process ends, and no number in a file can come to mean another process.
 * Throws StackError when another stack holds it.
 */
export async function lockStack(dataDir: string): Promise<StackLock> {
  const path = socketPath(dataDir);
  const server = createServer((socket) => socket.end(String(process.pid)));
  if (!(await listens(server, path))) {
    const holder = await askHolder(dataDir);
    if (holder !== undefined) {
      throw new StackError(
        `OTIS is running in ${dataDir} already (process ${holder}). Stop it, or name another folder with OTIS_DATA_DIR.`,
      );
    }
    // Its process was killed: the socket's file is all that is left of it.
    rmSync(path, { force: true });
    if (!(await listens(server, path))) {
      throw new StackError(`Another OTIS is starting in ${dataDir} at this moment.`);
    }
  }
  return {
    async release() {
      server.close();
      await once(server, "close");
    },
  };
}

/** The process that runs a stack in this folder, if one does. Throws StackError when it is there and says nothing. */
export async function askHolder(dataDir: string): Promise<number | undefined> {
  const socket: Socket = connect(socketPath(dataDir));
  try {
    const [answer] = await once(socket, "data", { signal: AbortSignal.timeout(2_000) });
    return Number(String(answer));
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      /^(ENOENT|ECONNREFUSED)$/.test(String(error.code))
    ) {
      return undefined;
    }
    throw new StackError(
      `OTIS is running in ${dataDir} and does not answer: is it suspended? Continue or stop it, or name another folder with OTIS_DATA_DIR.`,
      { cause: error },
    );
  } finally {
    socket.destroy();
  }
}

function socketPath(dataDir: string): string {
  const name = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\otis-${name}`;
  const inside = join(dataDir, "stack.sock");
  return Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH
    ? inside
    : join(tmpdir(), `otis-${name}.sock`);
}

async function listens(server: Server, path: string): Promise<boolean> {
  server.listen(path);
  try {
    await once(server, "listening");
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
}
