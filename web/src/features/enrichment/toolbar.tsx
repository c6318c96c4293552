import { Columns3, ListFilter } from "lucide-react";
import { LEAD_STATUSES } from "../../../../functions/_shared/contract/workflow.ts";
import { Button } from "../../components/button.tsx";
import { Menu, MenuCheck, MenuDivider, MenuHeading, MenuItem } from "../../components/menu.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { useStable } from "../../components/use-stable.ts";
import { enrichmentTexts as t } from "../../lib/texts/enrichment.ts";
import { HAS, SHOWN } from "./company-query.ts";
import { SavedFilters } from "./saved-filters.tsx";
import { COLUMNS, type ViewState } from "./use-view-state.ts";

interface Props {
  readonly view: ViewState;
  readonly shown: number;
  readonly all: number;
}

const without = <T,>(list: readonly T[], item: T, add: boolean): T[] =>
  add ? [...list, item] : list.filter((other) => other !== item);

export function Toolbar({ view, shown, all }: Props) {
  const search = useStable((text: string) => view.setFilter({ search: text }));
  return (
    <div
      role="toolbar"
      aria-label={t.table}
      className="flex flex-wrap items-center gap-2 px-3 pt-3 pb-2"
    >
      <SearchField
        label={t.search}
        value={view.filter.search}
        onChange={search}
        className="w-52 max-sm:w-full"
      />
      <select
        aria-label={t.filter.show}
        value={view.filter.show}
        onChange={(event) =>
          view.setFilter({ show: SHOWN.find((show) => show === event.target.value) ?? "all" })
        }
        className="h-8 rounded-md border border-line-strong bg-raised px-2 text-sm shadow-raised"
      >
        {SHOWN.map((show) => (
          <option key={show} value={show}>
            {t.filter.showing[show]}
          </option>
        ))}
      </select>
      <FilterMenu view={view} />
      <SavedFilters view={view} />
      <p aria-live="polite" className="ml-auto text-xs text-ink-faint">
        {t.shown(shown, all)}
      </p>
      <ColumnMenu view={view} />
    </div>
  );
}

function FilterMenu({ view }: { readonly view: ViewState }) {
  const { lead, has } = view.filter;
  const ticked = lead.length + has.length;
  return (
    <Menu
      align="start"
      trigger={
        <Button>
          <ListFilter aria-hidden="true" size={14} />
          {t.filter.button}
          {ticked > 0 ? <span className="text-accent">{ticked}</span> : null}
        </Button>
      }
    >
      <MenuHeading>{t.filter.has}</MenuHeading>
      {HAS.map((what) => (
        <MenuCheck
          key={what}
          checked={has.includes(what)}
          onChange={(checked) => view.setFilter({ has: without(has, what, checked) })}
        >
          {t.filter.having[what]}
        </MenuCheck>
      ))}
      <MenuHeading>{t.filter.lead}</MenuHeading>
      {LEAD_STATUSES.map((status) => (
        <MenuCheck
          key={status}
          checked={lead.includes(status)}
          onChange={(checked) => view.setFilter({ lead: without(lead, status, checked) })}
        >
          {t.lead[status]}
        </MenuCheck>
      ))}
      <MenuDivider />
      <MenuItem disabled={!view.filtered} onSelect={() => view.setFilter(null)}>
        {t.filter.clear}
      </MenuItem>
    </Menu>
  );
}

function ColumnMenu({ view }: { readonly view: ViewState }) {
  return (
    <Menu
      trigger={
        <Button className="max-sm:hidden">
          <Columns3 aria-hidden="true" size={14} />
          {t.columns.button}
        </Button>
      }
    >
      {COLUMNS.slice(1).map((column) => (
        <MenuCheck
          key={column}
          checked={view.columns.includes(column)}
          onChange={(checked) => view.setColumns(without(view.columns, column, checked))}
        >
          {t.column[column]}
        </MenuCheck>
      ))}
      <MenuDivider />
      <MenuItem onSelect={() => view.setColumns(null)}>{t.columns.reset}</MenuItem>
    </Menu>
  );
}
