import type { ReactNode } from "react";
import { useAuth } from "../lib/auth/use-auth.ts";
import { LiveScopeProvider } from "../lib/live/live-context.tsx";
import { useScopeRow } from "../lib/live/use-live-rows.ts";
import { useLiveInbox } from "../lib/live/use-live-scope.ts";
import { notificationTexts } from "../lib/texts/notifications.ts";
import { LiveGate } from "./live-gate.tsx";

/** The user's inbox, live, for everything below. */
export function LiveInbox({ children }: { readonly children: ReactNode }) {
  return (
    <LiveGate>
      <Scope>{children}</Scope>
    </LiveGate>
  );
}

function Scope({ children }: { readonly children: ReactNode }) {
  const auth = useAuth();
  const scope = useLiveInbox("userId" in auth ? auth.userId : "");
  return <LiveScopeProvider scope={scope}>{children}</LiveScopeProvider>;
}

/** How many notifications are unread, on the navigation. */
export default function InboxBadge() {
  return (
    <LiveInbox>
      <Count />
    </LiveInbox>
  );
}

function Count() {
  const count = useScopeRow("otis_inboxes", (inbox) => inbox.unread_count) ?? 0;
  if (count === 0) return null;
  return (
    <span className="absolute -top-1 -right-2 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-2xs font-semibold text-on-accent">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="sr-only">{notificationTexts.unread(count)}</span>
    </span>
  );
}
