import { Plus, Send } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { EmptyState } from "../../components/notice.tsx";
import { Region } from "../../components/region.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { cx } from "../../lib/class-names.ts";
import { useIsReady, useLiveQuery, useLiveRow } from "../../lib/live/use-live-rows.ts";
import { campaignTexts as t } from "../../lib/texts/campaigns.ts";
import { useSessionRow } from "../../lib/use-session-row.ts";
import { CampaignHeader } from "./campaign-header.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { LeadTable } from "./lead-table.tsx";
import { TextEditor } from "./text-editor.tsx";

export default function CampaignsView() {
  const ids = useLiveQuery("campaigns", {
    key: "oldest first",
    sort: (a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0),
  });
  const [asked, setAsked] = useQueryState("campaign", parseAsString);
  const [creating, setCreating] = useState(false);
  const ready = useIsReady();
  const enriched = useSessionRow((session) => session.enrichment_completed) ?? 0;
  const id = asked !== null && ids.includes(asked) ? asked : ids.at(-1);
  if (id === undefined && !ready) return <SkeletonRows />;
  return (
    <div className="flex min-h-full flex-col">
      {id === undefined ? (
        <EmptyState
          icon={Send}
          title={t.empty.title}
          className="mt-12"
          action={
            <Button variant="primary" onClick={() => setCreating(true)}>
              {t.create}
            </Button>
          }
        >
          <p>{t.empty.hint}</p>
          {enriched > 0 ? null : <p className="mt-2 text-ink-faint">{t.notReady}</p>}
        </EmptyState>
      ) : (
        <>
          <nav
            aria-label={t.list}
            className="flex items-center gap-1 overflow-x-auto border-b border-line bg-surface px-3 py-2"
          >
            {ids.map((other) => (
              <CampaignTab
                key={other}
                id={other}
                current={other === id}
                onOpen={() => void setAsked(other, { history: "push" })}
              />
            ))}
            <Button variant="ghost" onClick={() => setCreating(true)}>
              <Plus aria-hidden="true" size={14} />
              {t.create}
            </Button>
          </nav>
          <Campaign key={id} id={id} />
        </>
      )}
      <CreateDialog
        open={creating}
        count={ids.length}
        onClose={() => setCreating(false)}
        onCreated={(created) => void setAsked(created)}
      />
    </div>
  );
}

function CampaignTab({
  id,
  current,
  onOpen,
}: {
  readonly id: string;
  readonly current: boolean;
  readonly onOpen: () => void;
}) {
  const name = useLiveRow("campaigns", id, (campaign) => campaign.name);
  return (
    <button
      type="button"
      aria-current={current ? "true" : undefined}
      onClick={onOpen}
      className={cx(
        "h-8 max-w-60 shrink-0 truncate rounded-md px-3 font-medium",
        current ? "bg-accent-soft text-accent" : "text-ink-soft hover:bg-hover",
      )}
    >
      {name}
    </button>
  );
}

function Campaign({ id }: { readonly id: string }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Region>
        <CampaignHeader id={id} />
      </Region>
      <Region>
        <TextEditor id={id} />
      </Region>
      <Region>
        <LeadTable id={id} />
      </Region>
    </div>
  );
}
