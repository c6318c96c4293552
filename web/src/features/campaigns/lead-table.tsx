import { Users } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { VirtualGrid } from "../../components/grid/virtual-grid.tsx";
import { EmptyState } from "../../components/notice.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useMedia } from "../../components/use-media.ts";
import { useStable } from "../../components/use-stable.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { useIsReady, useLiveQuery } from "../../lib/live/use-live-rows.ts";
import type { LeadRow } from "../../lib/rows.ts";
import { campaignTexts } from "../../lib/texts/campaigns.ts";
import { showToast } from "../../lib/toasts.ts";
import { useIdsBy } from "../../lib/use-ids-by.ts";
import { useChangeLeads } from "./api/change-leads.ts";
import { leadColumns } from "./lead-cells.tsx";

const t = campaignTexts.leads;
const WIDE = leadColumns.map(({ id }) => id);
const NARROW = ["person", "status"];

const isOut = ({ status }: Pick<LeadRow, "status">) =>
  status === "skipped" || status === "suppressed";

const textOf = ({ full_name, email, company_name }: Readonly<LeadRow>) =>
  [full_name, email, company_name].join(" ").toLowerCase();

export function LeadTable({ id }: { readonly id: string }) {
  const { store } = useLiveScope();
  const [search, setSearch] = useQueryState("leads", parseAsString.withDefault(""));
  const [, setCompany] = useQueryState("company", parseAsString);
  const { include } = useChangeLeads();
  const narrow = useMedia("(max-width: 639px)");
  const words = search.toLowerCase().trim();
  const ids = useLiveQuery("campaign_leads", {
    key: `of ${id} with ${words}`,
    filter: (lead) => lead.campaign_id === id && (!words || textOf(lead).includes(words)),
    sort: (a, b) => a.position - b.position,
  });
  const out = useLiveQuery("campaign_leads", {
    key: `out of ${id}`,
    filter: (lead) => lead.campaign_id === id && isOut(lead),
  });
  const isLeftOut = useMemo(() => new Set(out), [out]);
  const companies = useIdsBy("session_companies", "company_id");
  const changeSearch = useStable((text: string) => void setSearch(text || null));
  const open = useStable((lead: string) => {
    const company = store.row("campaign_leads", lead)?.company_id;
    const row = typeof company === "string" ? companies.get(company) : undefined;
    if (row) void setCompany(row, { history: "push" });
  });
  const take = useStable((leads: readonly string[], taken: boolean) => {
    if (!include(id, leads, taken)) void showToast(t.settled);
  });
  return (
    <section aria-label={t.title} className="flex h-[70dvh] min-h-90 flex-col bg-surface">
      <header className="flex items-center gap-3 px-4 pt-4 pb-2">
        <h2 className="mr-auto text-base font-semibold">
          {t.title} <span className="font-normal text-ink-faint">{ids.length}</span>
        </h2>
        <SearchField label={t.search} value={search} onChange={changeSearch} />
      </header>
      <VirtualGrid
        label={t.title}
        ids={ids}
        columns={leadColumns}
        visible={narrow ? NARROW : WIDE}
        sort={null}
        onSort={() => {}}
        isSelected={(lead) => !isLeftOut.has(lead)}
        selectedCount={ids.filter((lead) => !isLeftOut.has(lead)).length}
        tinted={false}
        onSelect={take}
        onOpen={open}
        boxLabel={(lead) => t.select(String(store.row("campaign_leads", lead)?.email ?? ""))}
        selectAllLabel={t.selectAll}
        empty={<Nothing searched={words !== ""} />}
      />
    </section>
  );
}

function Nothing({ searched }: { readonly searched: boolean }) {
  if (!useIsReady()) return <SkeletonRows />;
  return (
    <EmptyState icon={Users} title={searched ? t.nothing : t.empty.title}>
      {searched ? null : t.empty.hint}
    </EmptyState>
  );
}
