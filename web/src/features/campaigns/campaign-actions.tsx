import { Download, Ellipsis, PenLine, Plus, Send, Zap } from "lucide-react";
import { useRef, useState } from "react";
import { Button, buttonClass } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Menu, MenuDivider, MenuItem } from "../../components/menu.tsx";
import { exportLink, startExport } from "../../lib/api/export-anchor.ts";
import { uploadFile } from "../../lib/api/upload-file.ts";
import { useAction } from "../../lib/api/use-action.ts";
import { useControls } from "../../lib/api/use-controls.ts";
import type { CampaignRow } from "../../lib/rows.ts";
import { campaignTexts } from "../../lib/texts/campaigns.ts";
import { showFailure, showToast } from "../../lib/toasts.ts";

const t = campaignTexts.actions;

export function CampaignActions({ campaign }: { readonly campaign: Readonly<CampaignRow> }) {
  const { id, status, channel } = campaign;
  const [asking, setAsking] = useState<"push" | "activate" | null>(null);
  const prepare = useAction("prepare_campaign");
  const push = useAction("push_campaign");
  const activate = useAction("activate_campaign");
  const analytics = useAction("refresh_analytics");
  const running = status === "preparing" || status === "pushing";
  const instantly = channel === "instantly";
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Menu
        trigger={
          <Button busy={prepare.isPending} disabled={running || campaign.leads_total === 0}>
            <PenLine aria-hidden="true" size={14} className="max-sm:hidden" />
            {t.prepare}
          </Button>
        }
      >
        <MenuItem onSelect={() => prepare.mutate({ campaign_id: id, method: "rules" })}>
          {t.prepareRules}
        </MenuItem>
        <MenuItem onSelect={() => prepare.mutate({ campaign_id: id, method: "llm" })}>
          {t.prepareLlm}
        </MenuItem>
      </Menu>
      {campaign.provider_campaign_id && status === "active" ? (
        <Button busy={analytics.isPending} onClick={() => analytics.mutate({ campaign_id: id })}>
          {t.analytics}
        </Button>
      ) : null}
      {instantly ? (
        <Button
          variant="primary"
          disabled={running || campaign.leads_ready === 0}
          busy={push.isPending}
          onClick={() => setAsking("push")}
        >
          <Send aria-hidden="true" size={14} />
          {t.push}
        </Button>
      ) : (
        <a {...exportLink({ what: "leads", campaign_id: id })} className={buttonClass("primary")}>
          <Download aria-hidden="true" size={14} className="max-sm:hidden" />
          {t.exportCsv}
        </a>
      )}
      {campaign.provider_campaign_id && status !== "active" ? (
        <Button disabled={running} busy={activate.isPending} onClick={() => setAsking("activate")}>
          <Zap aria-hidden="true" size={14} />
          {t.activate}
        </Button>
      ) : null}
      <MoreMenu campaign={campaign} />
      <ConfirmDialog
        open={asking === "push"}
        onClose={() => setAsking(null)}
        title={t.pushConfirm.title(campaign.leads_ready)}
        hint={t.pushConfirm.hint}
        confirm={t.pushConfirm.yes}
        onConfirm={() => push.mutate({ campaign_id: id })}
      />
      <ConfirmDialog
        open={asking === "activate"}
        onClose={() => setAsking(null)}
        title={t.activateConfirm.title}
        hint={t.activateConfirm.hint}
        confirm={t.activateConfirm.yes}
        onConfirm={() => activate.mutate({ campaign_id: id })}
      />
    </div>
  );
}

function MoreMenu({ campaign }: { readonly campaign: Readonly<CampaignRow> }) {
  const { id, status } = campaign;
  const controls = useControls("campaign", id);
  const add = useAction("add_leads", { onSuccess: ({ added }) => void showToast(t.added(added)) });
  const chooser = useRef<HTMLInputElement>(null);
  const importCsv = useAction("import_leads", { onSuccess: () => void showToast(t.importing) });
  const upload = async (file: File) => {
    try {
      const upload_id = await uploadFile(file, {
        signal: new AbortController().signal,
        onProgress: () => {},
      });
      importCsv.mutate({ campaign_id: id, upload_id });
    } catch (error) {
      void showFailure(error);
    }
  };
  const open = status === "preparing" || status === "pushing" || status === "active";
  return (
    <>
      <input
        ref={chooser}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          if (file) void upload(file);
          event.target.value = "";
        }}
      />
      <Menu
        trigger={
          <Button variant="ghost" icon aria-label={t.menu}>
            <Ellipsis aria-hidden="true" size={16} />
          </Button>
        }
      >
        <MenuItem icon={Plus} onSelect={() => add.mutate({ campaign_id: id })}>
          {t.addSelected}
        </MenuItem>
        <MenuItem icon={Plus} onSelect={() => chooser.current?.click()}>
          {t.importCsv}
        </MenuItem>
        <MenuDivider />
        <MenuItem
          icon={Download}
          onSelect={() => startExport({ what: "leads", campaign_id: id, bom: true })}
        >
          {t.exportSpreadsheet}
        </MenuItem>
        <MenuDivider />
        {open ? <MenuItem onSelect={controls.pause}>{t.pause}</MenuItem> : null}
        {status === "paused" ? <MenuItem onSelect={controls.resume}>{t.resume}</MenuItem> : null}
        {status === "failed" ? <MenuItem onSelect={controls.retry}>{t.retry}</MenuItem> : null}
        <MenuItem
          danger
          disabled={status === "completed" || status === "cancelled"}
          onSelect={controls.cancel}
        >
          {t.cancel}
        </MenuItem>
      </Menu>
    </>
  );
}
