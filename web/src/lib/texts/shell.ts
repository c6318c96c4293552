export const shellTexts = {
  skip: "Skip to content",
  nav: "Main",
  sessions: "Sessions",
  queue: "Queue",
  insights: "Insights",
  inbox: "Inbox",
  settings: "Settings",
  signOut: "Sign out",
  notFound: {
    title: "There is nothing here",
    hint: "The address may be old.",
    home: "To your sessions",
  },
  unread: (n: number) => `${n} unread`,
  commands: "Commands",
} as const;
