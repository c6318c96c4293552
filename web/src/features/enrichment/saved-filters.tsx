import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import * as z from "zod/mini";
import { LEAD_STATUSES } from "../../../../functions/_shared/contract/workflow.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { TextField } from "../../components/field.tsx";
import { Menu, MenuDivider, MenuHeading, MenuItem } from "../../components/menu.tsx";
import { useSaveStageData, useStageData } from "../../lib/api/stage-data.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { common } from "../../lib/texts/common.ts";
import { enrichmentTexts } from "../../lib/texts/enrichment.ts";
import { HAS, SHOWN } from "./company-query.ts";
import type { ViewState } from "./use-view-state.ts";

const t = enrichmentTexts.saved;

const savedFilters = z.array(
  z.object({
    name: z.string(),
    filter: z.object({
      search: z.string(),
      show: z.enum(SHOWN),
      lead: z.array(z.enum(LEAD_STATUSES)),
      has: z.array(z.enum(HAS)),
    }),
  }),
);

/** Filters by name, kept with the session. */
export function SavedFilters({ view }: { readonly view: ViewState }) {
  const { id } = useLiveScope().scope;
  const stored = z.safeParse(savedFilters, useStageData(id, "enrichment").data?.filters ?? []);
  const filters = stored.success ? stored.data : [];
  const { mutate: save } = useSaveStageData(id, "enrichment");
  const [naming, setNaming] = useState(false);
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button icon aria-label={t.button}>
            <Bookmark aria-hidden="true" size={14} />
          </Button>
        }
      >
        <MenuHeading>{filters.length > 0 ? t.heading : t.none}</MenuHeading>
        {filters.map(({ name, filter }) => (
          <MenuItem key={name} onSelect={() => view.setFilter(filter)}>
            {name}
          </MenuItem>
        ))}
        <MenuDivider />
        <MenuItem disabled={!view.filtered} onSelect={() => setNaming(true)}>
          {t.save}
        </MenuItem>
        {filters.map(({ name }) => (
          <MenuItem
            key={name}
            icon={Trash2}
            onSelect={() => save({ filters: filters.filter((other) => other.name !== name) })}
          >
            {t.remove(name)}
          </MenuItem>
        ))}
      </Menu>
      <NameDialog
        open={naming}
        onClose={() => setNaming(false)}
        onName={(name) =>
          save({
            filters: [
              ...filters.filter((other) => other.name !== name),
              { name, filter: { ...view.filter } },
            ],
          })
        }
      />
    </>
  );
}

interface NameProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

function NameDialog({ open, onClose, onName }: NameProps) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim());
    setName("");
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={t.save}>
      <form onSubmit={submit} className="flex items-end gap-2">
        <TextField
          label={t.name}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="flex-1"
        />
        <Button type="submit" variant="primary">
          {common.save}
        </Button>
      </form>
    </Dialog>
  );
}
