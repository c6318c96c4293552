import { Route, Switch, useLocation } from "wouter";
import { lazyView } from "../components/lazy-view.tsx";
import { Region } from "../components/region.tsx";
import { SessionsPage } from "../features/sessions/sessions-page.tsx";
import type { Auth } from "../lib/auth/auth-store.ts";
import { shellTexts as t } from "../lib/texts/shell.ts";
import { ExpiredBanner } from "./expired-banner.tsx";
import { Keyboard } from "./keyboard.tsx";
import { Navigation } from "./navigation.tsx";
import { NotFound } from "./not-found.tsx";

/** By the first part of the address. */
const pages = {
  s: lazyView(() => import("./session-page.tsx")),
  queue: lazyView(() => import("../features/queue/queue-page.tsx")),
  insights: lazyView(() => import("../features/insights/insights-page.tsx")),
  inbox: lazyView(() => import("./inbox-route.tsx")),
  settings: lazyView(() => import("../features/settings/settings-page.tsx")),
};

/** Begins to load the page at this address. */
export function preloadPage(path: string): void {
  const name = path.split("/")[1];
  for (const [of, page] of Object.entries(pages)) if (of === name) page.preload();
}

type Known = Extract<Auth, { userId: string }>;

/** The frame of every page: navigation, the sign-in banner, and one region that can fail alone. */
export function Shell({ auth }: { readonly auth: Known }) {
  const [path] = useLocation();
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#main"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 text-on-accent focus:translate-y-0"
      >
        {t.skip}
      </a>
      <Keyboard />
      <Navigation email={auth.email} />
      <div className="order-first flex min-h-0 min-w-0 flex-1 flex-col md:order-none">
        {auth.kind === "expired" ? <ExpiredBanner email={auth.email} /> : null}
        <main
          id="main"
          tabIndex={-1}
          className="relative min-h-0 flex-1 overflow-y-auto outline-none"
        >
          <Region at={path}>
            <Switch>
              <Route path="/" component={SessionsPage} />
              <Route path="/s/:id" component={pages.s} />
              <Route path="/queue" component={pages.queue} />
              <Route path="/insights" component={pages.insights} />
              <Route path="/inbox" component={pages.inbox} />
              <Route path="/settings" component={pages.settings} />
              <Route component={NotFound} />
            </Switch>
          </Region>
        </main>
      </div>
    </div>
  );
}
