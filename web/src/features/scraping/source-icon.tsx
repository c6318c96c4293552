import { Bot, FileSpreadsheet, Globe, Rss, SquareKanban } from "lucide-react";

const icons = { careers_page: Globe, feed: Rss, csv: FileSpreadsheet, apify: Bot } as const;

export function SourceIcon({ kind }: { readonly kind: string }) {
  const Icon = Object.entries(icons).find(([name]) => name === kind)?.[1] ?? SquareKanban;
  return (
    <Icon aria-hidden="true" size={15} strokeWidth={1.75} className="shrink-0 text-ink-faint" />
  );
}
