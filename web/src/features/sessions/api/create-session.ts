import { useLocation } from "wouter";
import { useAction } from "../../../lib/api/use-action.ts";
import { formatDate } from "../../../lib/format/time.ts";
import { sessionsTexts as t } from "../../../lib/texts/sessions.ts";

/** Creates a session and opens it. */
export function useCreateSession() {
  const [, go] = useLocation();
  const creation = useAction("create_session", {
    onSuccess: ({ session_id }) => go(`/s/${session_id}`),
  });
  const name = t.newName(formatDate(new Date().toISOString()));
  return { create: () => creation.mutate({ name }), busy: creation.isPending };
}
