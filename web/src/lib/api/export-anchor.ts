import type { MouseEvent } from "react";
import { showFailure } from "../toasts.ts";
import { cookieReachesApi, downloadExport, type Export, exportUrl } from "./export-link.ts";

/** What an `<a>` needs to download an export. */
export function exportLink(wanted: Export) {
  return {
    href: exportUrl(wanted),
    onClick: (event: MouseEvent) => {
      event.preventDefault();
      startExport(wanted);
    },
  };
}

/** Lets the browser download it; a refusal comes as a tab of its own, not in the place of the app. */
export function startExport(wanted: Export): void {
  if (cookieReachesApi()) open(exportUrl(wanted), "_blank", "noopener");
  else downloadExport(wanted).catch(showFailure);
}
