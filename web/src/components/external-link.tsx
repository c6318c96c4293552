import { ExternalLink as Icon } from "lucide-react";
import type { ReactNode } from "react";

/** Only addresses of the web: what scraped pages call a link may be anything. */
export function ExternalLink({
  href,
  children,
}: {
  readonly href: string | null;
  readonly children: ReactNode;
}) {
  if (!href || !/^https?:\/\//i.test(href)) return <>{children}</>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      className="inline-flex max-w-full items-center gap-1 text-accent hover:underline"
    >
      <span className="truncate">{children}</span>
      <Icon aria-hidden="true" size={12} className="shrink-0" />
    </a>
  );
}
