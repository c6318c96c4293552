import { useAction } from "../../../lib/api/use-action.ts";

export const useStartScraping = (onStarted: () => void) =>
  useAction("start_scraping", { inline: true, onSuccess: onStarted });
