import { type FormEvent, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { useAction } from "../../lib/api/use-action.ts";
import { useLiveScope } from "../../lib/live/live-context.tsx";
import { campaignTexts } from "../../lib/texts/campaigns.ts";
import { common } from "../../lib/texts/common.ts";
import { useSessionRow } from "../../lib/use-session-row.ts";

const t = campaignTexts.createDialog;
const CHANNELS = ["csv", "instantly"] as const;

interface Props {
  readonly open: boolean;
  /** How many campaigns there are. */
  readonly count: number;
  readonly onClose: () => void;
  readonly onCreated: (id: string) => void;
}

export function CreateDialog({ open, count, onClose, onCreated }: Props) {
  const { id } = useLiveScope().scope;
  const selected = useSessionRow((s) => s.selected_count) ?? 0;
  const [name, setName] = useState<string | null>(null);
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>("csv");
  const create = useAction("create_campaign", {
    inline: true,
    onSuccess: ({ campaign_id }) => {
      onCreated(campaign_id);
      setName(null);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({
      session_id: id,
      name: name ?? t.defaultName(count + 1),
      channel,
      texts: { ...campaignTexts.starter },
    });
  };
  return (
    <Dialog open={open} onClose={onClose} title={t.title}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t.name}
          required
          maxLength={120}
          value={name ?? t.defaultName(count + 1)}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t.channel}
          hint={t.channelHint[channel]}
          value={channel}
          onChange={(event) =>
            setChannel(CHANNELS.find((value) => value === event.target.value) ?? "csv")
          }
        >
          {CHANNELS.map((value) => (
            <option key={value} value={value}>
              {t.channels[value]}
            </option>
          ))}
        </SelectField>
        <p className="rounded-md bg-sunken px-3 py-2 text-ink-soft">{t.leads(selected)}</p>
        {create.isError ? <FailureNotice error={create.error} /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            {t.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
