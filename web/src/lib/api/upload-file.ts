import { supabase } from "../supabase.ts";
import { read } from "./read.ts";

/** What the database takes in one piece, and in all. */
const PIECE = 1024 * 1024;
export const MOST_BYTES = 100 * PIECE;

/**
 * Sends a file in pieces, in order; a piece that is sent again is kept once. Resolves to the
 * upload's id, which sources and lead lists name. `onProgress` gets 0…1.
 */
export async function uploadFile(
  file: File,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<string> {
  const id = crypto.randomUUID();
  const pieces = Math.max(1, Math.ceil(file.size / PIECE));
  for (let seq = 0; seq < pieces; seq += 1) {
    const bytes = await file.slice(seq * PIECE, (seq + 1) * PIECE).arrayBuffer();
    signal.throwIfAborted();
    await read(
      supabase
        .rpc("append_upload", {
          p_upload_id: id,
          p_name: file.name,
          p_seq: seq,
          p_base64: toBase64(new Uint8Array(bytes)),
          p_last: seq === pieces - 1,
        })
        .abortSignal(signal),
    );
    onProgress((seq + 1) / pieces);
  }
  return id;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // In steps: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
