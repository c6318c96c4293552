import { useEffect, useRef, useState } from "react";
import { MOST_BYTES, uploadFile } from "../../lib/api/upload-file.ts";
import { scrapingTexts as t } from "../../lib/texts/scraping.ts";

export interface Upload {
  readonly key: string;
  readonly name: string;
  /** 0…1 */
  readonly share: number;
  readonly uploadId: string | null;
  readonly problem: string | null;
}

/** Files that were dropped, on their way to the server or there already. */
export function useUploads() {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const abort = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const running = abort.current;
    return () => {
      for (const controller of running.values()) controller.abort();
    };
  }, []);

  const change = (key: string, part: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));

  const send = async (file: File) => {
    const key = crypto.randomUUID();
    const problem = file.size > MOST_BYTES ? t.tooLarge : null;
    setUploads((all) => [...all, { key, name: file.name, share: 0, uploadId: null, problem }]);
    if (problem) return;
    const controller = new AbortController();
    abort.current.set(key, controller);
    try {
      const uploadId = await uploadFile(file, {
        signal: controller.signal,
        onProgress: (share) => change(key, { share }),
      });
      change(key, { uploadId });
    } catch {
      if (!controller.signal.aborted) change(key, { problem: t.uploadFailed });
    } finally {
      abort.current.delete(key);
    }
  };

  return {
    uploads,
    add: (files: Iterable<File>) => {
      for (const file of files) void send(file);
    },
    remove: (key: string) => {
      abort.current.get(key)?.abort();
      setUploads((all) => all.filter((one) => one.key !== key));
    },
    clear: () => setUploads([]),
  };
}
