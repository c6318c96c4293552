import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from "nuqs";
import { NuqsAdapter } from "nuqs/adapters/react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { STAGES } from "../../../functions/_shared/contract/workflow.ts";
import { buttonClass } from "../components/button.tsx";
import { lazyView } from "../components/lazy-view.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { useTitle } from "../components/page-header.tsx";
import { Region } from "../components/region.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useShortcuts } from "../components/use-shortcuts.ts";
import { AdvanceNotice } from "../features/session/advance-notice.tsx";
import { Conflicts } from "../features/session/conflicts.tsx";
import { ProgressOverlay } from "../features/session/progress-overlay.tsx";
import { SessionHeader } from "../features/session/session-header.tsx";
import { SessionPanel } from "../features/session/session-panel.tsx";
import { StageRail } from "../features/session/stage-rail.tsx";
import type { Stage } from "../features/session/stages.ts";
import { usePanelOpen } from "../features/session/use-panel-open.ts";
import { useSession } from "../features/session/use-session.ts";
import { Failure } from "../lib/api/failure.ts";
import { reportExpired } from "../lib/auth/auth-store.ts";
import { LiveScopeProvider } from "../lib/live/live-context.tsx";
import { useConnection } from "../lib/live/use-live-connection.ts";
import { useLiveSession } from "../lib/live/use-live-scope.ts";
import { sessionTexts as t } from "../lib/texts/session.ts";
import { LiveGate } from "./live-gate.tsx";

const skeleton = <SkeletonRows />;
const views = {
  scraping: lazyView(() => import("../features/scraping/scraping-view.tsx"), skeleton),
  enrichment: lazyView(() => import("../features/enrichment/enrichment-view.tsx"), skeleton),
  campaigns: lazyView(() => import("../features/campaigns/campaigns-view.tsx"), skeleton),
  results: lazyView(() => import("../features/results/results-view.tsx"), skeleton),
};

const CompanyDrawer = lazyView(() => import("../features/company-detail/company-drawer.tsx"));
const PostingDrawer = lazyView(() => import("../features/posting-detail/posting-drawer.tsx"));

export default function SessionPage({ params }: { readonly params: { readonly id: string } }) {
  return (
    <NuqsAdapter>
      <LiveGate>
        <LiveSession key={params.id} id={params.id} />
      </LiveGate>
    </NuqsAdapter>
  );
}

function LiveSession({ id }: { readonly id: string }) {
  const scope = useLiveSession(id);
  return (
    <LiveScopeProvider scope={scope}>
      <Session />
    </LiveScopeProvider>
  );
}

function Session() {
  const current = useSession((session) => session.current_stage);
  const name = useSession((session) => session.name);
  const { why } = useConnection();
  useEffect(() => {
    if (why === "auth") reportExpired();
  }, [why]);
  const [asked, setAsked] = useQueryState("stage", parseAsStringLiteral(STAGES));
  // Its code comes while its rows are under way.
  useEffect(() => {
    if (asked) views[asked].preload();
  }, [asked]);
  const [panelOpen, setPanelOpen] = usePanelOpen();
  useTitle(name ?? t.loading);
  const reached = STAGES.find((stage) => stage === current);
  const [first, setFirst] = useState(reached);
  if (first === undefined && reached !== undefined) setFirst(reached);
  const open = (stage: Stage) => void setAsked(stage, { history: "push" });
  useShortcuts(Object.fromEntries(STAGES.map((stage, at) => [String(at + 1), () => open(stage)])));

  if (current === undefined) return <Opening />;
  const stage = asked ?? first ?? "scraping";
  const View = views[stage];
  return (
    <div className="flex h-full flex-col">
      <Region>
        <SessionHeader panelOpen={panelOpen} onTogglePanel={() => setPanelOpen(!panelOpen)} />
      </Region>
      <Conflicts />
      <div className="relative flex min-h-0 flex-1 flex-col lg:flex-row">
        <Region>
          <StageRail stage={stage} onOpen={open} />
        </Region>
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          <AdvanceNotice stage={stage} onOpen={open} />
          <div className="relative min-h-0 flex-1 overflow-y-auto">
            <Region at={stage}>
              <View />
            </Region>
          </div>
          <Region>
            <ProgressOverlay />
          </Region>
        </div>
        <Region>{panelOpen ? <SessionPanel /> : null}</Region>
      </div>
      <Drawers />
    </div>
  );
}

/** What the address names beside the stage. Loaded with the first one that is opened. */
function Drawers() {
  const [{ company, posting }] = useQueryStates({ company: parseAsString, posting: parseAsString });
  const [wanted, setWanted] = useState({ company: false, posting: false });
  if (company && !wanted.company) setWanted({ ...wanted, company: true });
  if (posting && !wanted.posting) setWanted({ ...wanted, posting: true });
  return (
    <Region at={`${company} ${posting}`}>
      {wanted.company ? <CompanyDrawer /> : null}
      {wanted.posting ? <PostingDrawer /> : null}
    </Region>
  );
}

/** Until the first rows are there: a skeleton, or why they do not come. */
function Opening() {
  const { why, failing } = useConnection();
  if (why === "auth" || (why === null && !failing)) {
    return (
      <>
        <h1 className="sr-only">{t.loading}</h1>
        <SkeletonRows />
      </>
    );
  }
  return (
    <div className="mx-auto max-w-150 p-6">
      <FailureNotice
        error={new Failure(why === "gone" ? "session_not_found" : "unreachable", t.loading)}
        onRetry={why === "gone" ? undefined : () => location.reload()}
      />
      <Link href="/" className={`${buttonClass()} mt-4`}>
        {t.gone}
      </Link>
    </div>
  );
}
