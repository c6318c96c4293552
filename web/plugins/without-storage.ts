import type { Plugin } from "vite";

const STORAGE = "@supabase/storage-js";
const MARK = `\0${STORAGE}`;

/** OTIS keeps no files in Supabase Storage: its client stays out of the bundle (9 KB gzip). */
export function withoutStorage(): Plugin {
  return {
    name: "without-storage",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id === STORAGE ? MARK : null),
    load: (id) =>
      id === MARK ? "export class StorageClient {}; export class StorageApiError {}" : null,
  };
}
