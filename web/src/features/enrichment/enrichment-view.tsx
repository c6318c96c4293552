import { Building2 } from "lucide-react";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/notice.tsx";
import { Region } from "../../components/region.tsx";
import { useShortcuts } from "../../components/use-shortcuts.ts";
import { enrichmentTexts as t } from "../../lib/texts/enrichment.ts";
import { useSessionRow } from "../../lib/use-session-row.ts";
import { BatchList } from "./batch-list.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { CompanyTable } from "./company-table.tsx";
import { EnrichDialog } from "./enrich-dialog.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useCompanies, useSelected } from "./use-companies.ts";
import { useViewState } from "./use-view-state.ts";

export default function EnrichmentView() {
  const all = useSessionRow((session) => session.companies_count) ?? 0;
  return all === 0 ? <NoCompanies /> : <Companies all={all} />;
}

function Companies({ all }: { readonly all: number }) {
  const view = useViewState();
  const ids = useCompanies(view);
  const selected = useSelected();
  const [enriching, setEnriching] = useState(false);
  useShortcuts({ e: () => setEnriching(selected.length > 0) });
  return (
    <div className="flex h-full flex-col bg-surface">
      <Toolbar view={view} shown={ids.length} all={all} />
      <BulkBar selected={selected} onEnrich={() => setEnriching(true)} />
      <Region>
        <BatchList onShowFailed={() => view.setFilter({ show: "failed" })} />
      </Region>
      <Region>
        <CompanyTable ids={ids} selected={selected} view={view} />
      </Region>
      <EnrichDialog open={enriching} selected={selected} onClose={() => setEnriching(false)} />
    </div>
  );
}

function NoCompanies() {
  const [, setStage] = useQueryState("stage");
  return (
    <EmptyState
      icon={Building2}
      title={t.empty.title}
      className="mt-12"
      action={
        <Button variant="primary" onClick={() => void setStage("scraping", { history: "push" })}>
          {t.empty.action}
        </Button>
      }
    >
      {t.empty.hint}
    </EmptyState>
  );
}
