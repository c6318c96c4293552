import { statfsSync } from "node:fs";
import { StackError } from "./stack-error.ts";

/** A fresh database takes some 50 MB, its log grows by as much before it is recycled. */
const NEEDED_BYTES = 128 * 1024 * 1024;

/** Throws StackError when the disk is too full to start on: found out before anything is half written. */
export function requireFreeSpace(
  folder: string,
  statfs: (path: string) => { readonly bavail: number; readonly bsize: number } = statfsSync,
): void {
  const { bavail, bsize } = statfs(folder);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  throw new StackError(
    `The disk of ${folder} is full: ${megabytes(free)} MB are free, ${megabytes(NEEDED_BYTES)} MB are needed. ` +
      "Make room, or name a folder on another disk with OTIS_DATA_DIR.",
  );
}
