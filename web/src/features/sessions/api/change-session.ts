import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "../../../lib/api/use-action.ts";
import { sessionsKey } from "./list-sessions.ts";

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: sessionsKey });
}

export const useRenameSession = () => useAction("rename_session", { onSuccess: useRefresh() });
export const useDuplicateSession = () =>
  useAction("duplicate_session", { onSuccess: useRefresh() });
export const useArchiveSession = () => useAction("archive_session", { onSuccess: useRefresh() });
