import { ChartNoAxesColumn, Inbox, Layers, ListOrdered, LogOut, Settings } from "lucide-react";
import { Link, useLocation } from "wouter";
import { lazyView } from "../components/lazy-view.tsx";
import { Logo } from "../components/logo.tsx";
import { Region } from "../components/region.tsx";
import { signOut } from "../lib/auth/auth-store.ts";
import { cx } from "../lib/class-names.ts";
import { common } from "../lib/texts/common.ts";
import { shellTexts as t } from "../lib/texts/shell.ts";

const places = [
  { href: "/", label: t.sessions, icon: Layers, within: /^\/(s\/|$)/ },
  { href: "/queue", label: t.queue, icon: ListOrdered, within: /^\/queue/ },
  { href: "/insights", label: t.insights, icon: ChartNoAxesColumn, within: /^\/insights/ },
  { href: "/inbox", label: t.inbox, icon: Inbox, within: /^\/inbox/ },
  { href: "/settings", label: t.settings, icon: Settings, within: /^\/settings/ },
];

const InboxBadge = lazyView(() => import("./inbox.tsx"));

const itemClass =
  "flex flex-1 flex-col items-center justify-center gap-0.5 rounded-md py-1.5 text-2xs font-medium md:w-14 md:flex-none";

/** Comes with the live core, after everything that the page itself needs. */
const Badge = () => (
  <Region>
    <InboxBadge />
  </Region>
);

/** A rail on the left; a bar at the bottom of a small screen, where a thumb reaches it. */
export function Navigation({ email }: { readonly email: string }) {
  const [path] = useLocation();
  return (
    <nav
      aria-label={t.nav}
      className="flex shrink-0 items-stretch gap-0.5 border-t border-line bg-surface px-1 py-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] md:w-16 md:flex-col md:items-center md:border-t-0 md:border-r md:py-3"
    >
      <Link href="/" aria-label={common.product} className="mb-3 hidden rounded-md md:block">
        <Logo size={28} />
      </Link>
      {places.map(({ href, label, icon: Icon, within }) => {
        const here = within.test(path);
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? "page" : undefined}
            className={cx(
              itemClass,
              here ? "bg-accent-soft text-accent" : "text-ink-soft hover:bg-hover hover:text-ink",
            )}
          >
            <span className="relative">
              <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
              {href === "/inbox" ? <Badge /> : null}
            </span>
            {label}
          </Link>
        );
      })}
      <button
        type="button"
        title={email}
        onClick={() => void signOut()}
        className={cx(
          itemClass,
          "text-ink-soft hover:bg-hover hover:text-ink md:mt-auto max-md:hidden",
        )}
      >
        <LogOut aria-hidden="true" size={18} strokeWidth={1.75} />
        {t.signOut}
      </button>
    </nav>
  );
}
