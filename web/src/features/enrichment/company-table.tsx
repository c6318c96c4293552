import { Building2 } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { Button } from "../../components/button.tsx";
import { VirtualGrid } from "../../components/grid/virtual-grid.tsx";
import { EmptyState } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useMedia } from "../../components/use-media.ts";
import { useStable } from "../../components/use-stable.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { useIsReady } from "../../lib/live/use-live-rows.ts";
import { enrichmentTexts as t } from "../../lib/texts/enrichment.ts";
import { useIdsBy } from "../../lib/use-ids-by.ts";
import { useChangeCompanies } from "./api/change-companies.ts";
import { companyColumns, narrowColumns, OpenCompany, StatusIds } from "./cells.tsx";
import type { ViewState } from "./use-view-state.ts";

const NARROW = ["name", "lead"];

interface Props {
  readonly ids: readonly string[];
  readonly selected: readonly string[];
  readonly view: ViewState;
}

export function CompanyTable({ ids, selected, view }: Props) {
  const { store } = useLiveScope();
  const { select } = useChangeCompanies();
  const [, setCompany] = useQueryState("company", parseAsString);
  const narrow = useMedia("(max-width: 639px)");
  const open = useStable((id: string) => void setCompany(id, { history: "push" }));
  const isTicked = useMemo(() => new Set(selected), [selected]);
  const ticked = useMemo(() => ids.filter((id) => isTicked.has(id)).length, [ids, isTicked]);
  return (
    <OpenCompany value={open}>
      <StatusIds value={useIdsBy("enrichment_status", "company_id")}>
        <VirtualGrid
          label={t.table}
          ids={ids}
          columns={narrow ? narrowColumns : companyColumns}
          visible={narrow ? NARROW : view.columns}
          sort={view.order}
          onSort={view.setOrder}
          isSelected={(id) => isTicked.has(id)}
          selectedCount={ticked}
          onSelect={select}
          onOpen={open}
          boxLabel={(id) => t.select(String(store.row("session_companies", id)?.name ?? ""))}
          selectAllLabel={t.selectAll}
          empty={<Nothing onClear={() => view.setFilter(null)} />}
        />
      </StatusIds>
    </OpenCompany>
  );
}

function Nothing({ onClear }: { readonly onClear: () => void }) {
  if (!useIsReady()) return <SkeletonRows />;
  return (
    <EmptyState
      icon={Building2}
      title={t.nothing.title}
      action={<Button onClick={onClear}>{t.nothing.action}</Button>}
    />
  );
}
