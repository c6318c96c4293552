import { plural } from "../format/plural.ts";

export const notificationTexts = {
  title: "Inbox",
  show: "Show",
  shown: { unread: "Unread", all: "All" },
  markAll: "Mark all as read",
  markOne: "Mark as read",
  unread: (n: number) => plural(n, "unread notification", "unread notifications"),
  open: "Open",
  empty: {
    unread: {
      title: "All caught up",
      hint: "Finished work and matches of your saved searches arrive here.",
    },
    all: {
      title: "Nothing has arrived yet",
      hint: "Finished work and matches of your saved searches arrive here.",
    },
  },
} as const;
