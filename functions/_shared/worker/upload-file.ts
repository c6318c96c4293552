import type { Sql } from "postgres";
import { type FileOpener, SourceError } from "../sources/source.ts";

/**
 * Reads what a user uploaded, piece by piece, from any byte on. Only the owner's own uploads exist
 * here; any other address `upload:ID` answers 404.
 */
export function createUploadOpener(sql: Sql, ownerId: string): FileOpener {
  return async (address, { from }) => {
    const id = /^upload:([0-9a-f-]{36})$/i.exec(address)?.[1];
    const [upload] =
      id === undefined
        ? []
        : await sql<{ size: number; complete: boolean }[]>`
            select u.size_bytes::float8 as size, u.complete from public.uploads u
            where u.id = ${id} and u.owner_id = ${ownerId}`;
    if (id === undefined || upload === undefined) {
      return { status: 404, stream: new Blob([]).stream(), from: 0, size: null };
    }
    if (!upload.complete) {
      throw new SourceError("not_uploaded", "The file is still being uploaded.", {
        retryAfterSeconds: 5,
      });
    }
    const [start] = await sql<{ seq: number; begin: number }[]>`
      select c.seq, c.begin::float8 as begin from (
        select u.seq, sum(octet_length(u.bytes)) over (order by u.seq) - octet_length(u.bytes) as begin
        from otis.upload_chunks u where u.upload_id = ${id}) c
      where c.begin <= ${from} order by c.seq desc limit 1`;
    return {
      status: 200,
      from: start?.begin ?? 0,
      size: upload.size,
      stream: readChunks(sql, id, start?.seq ?? 0),
    };
  };
}

function readChunks(sql: Sql, id: string, firstSeq: number): ReadableStream<Uint8Array> {
  let seq = firstSeq;
  return new ReadableStream(
    {
      async pull(controller) {
        const [chunk] = await sql<{ bytes: Uint8Array }[]>`
          select c.bytes from otis.upload_chunks c where c.upload_id = ${id} and c.seq = ${seq}`;
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk.bytes);
        seq += 1;
      },
    },
    // One piece is up to 1 MiB: nothing is read ahead.
    { highWaterMark: 0 },
  );
}
