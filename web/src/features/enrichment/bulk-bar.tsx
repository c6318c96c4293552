import { ChevronDown, Sparkles, Trash2, X } from "lucide-react";
import { LEAD_STATUSES } from "../../../../functions/_shared/contract/workflow.ts";
import { Button } from "../../components/button.tsx";
import { Menu, MenuItem } from "../../components/menu.tsx";
import { common } from "../../lib/texts/common.ts";
import { enrichmentTexts } from "../../lib/texts/enrichment.ts";
import { showToast } from "../../lib/toasts.ts";
import { useChangeCompanies } from "./api/change-companies.ts";

const t = enrichmentTexts.bulk;

interface Props {
  readonly selected: readonly string[];
  readonly onEnrich: () => void;
}

/** Always there, so that ticking the first box moves nothing. */
export function BulkBar({ selected, onEnrich }: Props) {
  const { select, setLead, remove, restore } = useChangeCompanies();
  const none = selected.length === 0;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 pb-2">
      <Button variant="primary" disabled={none} aria-keyshortcuts="e" onClick={onEnrich}>
        <Sparkles aria-hidden="true" size={14} />
        {t.enrich(selected.length)}
      </Button>
      {none ? (
        <p className="text-xs text-ink-faint">{t.hint}</p>
      ) : (
        <>
          <Menu
            align="start"
            trigger={
              <Button>
                {t.lead}
                <ChevronDown aria-hidden="true" size={14} />
              </Button>
            }
          >
            {LEAD_STATUSES.map((status) => (
              <MenuItem key={status} onSelect={() => setLead(selected, status)}>
                {enrichmentTexts.lead[status]}
              </MenuItem>
            ))}
          </Menu>
          <Button
            variant="ghost"
            icon
            aria-label={t.remove}
            onClick={() => {
              remove(selected);
              void showToast(t.removed(selected.length), {
                label: common.undo,
                run: () => {
                  restore(selected);
                  select(selected, true);
                },
              });
            }}
          >
            <Trash2 aria-hidden="true" size={15} />
          </Button>
          <Button variant="ghost" icon aria-label={t.clear} onClick={() => select(selected, false)}>
            <X aria-hidden="true" size={15} />
          </Button>
        </>
      )}
    </div>
  );
}
