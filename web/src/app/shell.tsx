import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Region } from "../components/region.tsx";
import { SessionsPage } from "../features/sessions/sessions-page.tsx";
import type { Auth } from "../lib/auth/auth-store.ts";
import { shellTexts as t } from "../lib/texts/shell.ts";
import { ExpiredBanner } from "./expired-banner.tsx";
import { Keyboard } from "./keyboard.tsx";
import { Navigation } from "./navigation.tsx";
import { NotFound } from "./not-found.tsx";

const SessionPage = lazy(() => import("./session-page.tsx"));
const QueuePage = lazy(() => import("../features/queue/queue-page.tsx"));
const InsightsPage = lazy(() => import("../features/insights/insights-page.tsx"));
const InboxRoute = lazy(() => import("./inbox-route.tsx"));
const SettingsPage = lazy(() => import("../features/settings/settings-page.tsx"));

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
            <Suspense fallback={null}>
              <Switch>
                <Route path="/" component={SessionsPage} />
                <Route path="/s/:id" component={SessionPage} />
                <Route path="/queue" component={QueuePage} />
                <Route path="/insights" component={InsightsPage} />
                <Route path="/inbox" component={InboxRoute} />
                <Route path="/settings" component={SettingsPage} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Region>
        </main>
      </div>
    </div>
  );
}
