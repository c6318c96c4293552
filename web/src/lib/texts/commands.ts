export const commandTexts = {
  title: "Commands",
  search: "Go to a session or a page",
  nothing: "Nothing fits",
  pages: "Pages",
  sessions: "Sessions",
  create: "New session",
  help: "Keyboard shortcuts",
  helpTitle: "Keyboard",
  groups: [
    {
      title: "Everywhere",
      keys: [
        ["Ctrl K", "Go to a session or a page"],
        ["g s", "Sessions"],
        ["g q", "Queue"],
        ["g i", "Insights"],
        ["g n", "Inbox"],
        ["g ,", "Settings"],
        ["/", "Search on the page"],
        ["?", "This list"],
      ],
    },
    {
      title: "In a session",
      keys: [
        ["1 – 4", "Open a stage"],
        ["e", "Enrich what is ticked"],
        ["Ctrl Enter", "Start scraping what is in the box"],
      ],
    },
    {
      title: "In a table",
      keys: [
        ["↑ ↓ or j k", "Move"],
        ["Space or x", "Tick"],
        ["Shift with either", "Tick everything between"],
        ["Ctrl A", "Tick everything shown"],
        ["Enter", "Open the details"],
        ["Esc", "Close them"],
      ],
    },
  ],
} as const;
