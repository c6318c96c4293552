import type { MouseEvent } from "react";
import { showFailure } from "../toasts.ts";
import { cookieReachesApi, downloadExport, type Export, exportUrl } from "./export-link.ts";

/** What an `<a>` needs to download an export. */
export function exportLink(wanted: Export) {
  return {
    href: exportUrl(wanted),
    download: "",
    onClick: (event: MouseEvent) => {
      if (cookieReachesApi()) return;
      event.preventDefault();
      downloadExport(wanted).catch(showFailure);
    },
  };
}
