import { useAction } from "../../../lib/api/use-action.ts";

export const useStartEnrichment = (onStarted: () => void) =>
  useAction("start_enrichment", { inline: true, onSuccess: onStarted });
