import InboxPage from "../features/notifications/inbox-page.tsx";
import { LiveInbox } from "./inbox.tsx";

export default function InboxRoute() {
  return (
    <LiveInbox>
      <InboxPage />
    </LiveInbox>
  );
}
