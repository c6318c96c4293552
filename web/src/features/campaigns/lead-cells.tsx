import { useState } from "react";
import { Badge, type Tone } from "../../components/badge.tsx";
import { inputClass } from "../../components/field.tsx";
import type { CellProps, GridColumn } from "../../components/grid/grid-columns.ts";
import { cx } from "../../lib/class-names.ts";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import { campaignTexts } from "../../lib/texts/campaigns.ts";
import { OPEN, useChangeLeads } from "./api/change-leads.ts";

const t = campaignTexts.leads;

function PersonCell({ id }: CellProps) {
  const lead = useLiveRow("campaign_leads", id, ({ full_name, email }) => ({ full_name, email }));
  if (!lead) return null;
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="max-w-full shrink-0 truncate font-medium">
        {lead.full_name ?? lead.email}
      </span>
      {lead.full_name ? (
        <span className="min-w-0 truncate text-xs text-ink-faint">{lead.email}</span>
      ) : null}
    </span>
  );
}

function CompanyCell({ id }: CellProps) {
  const name = useLiveRow("campaign_leads", id, (lead) => lead.company_name);
  return <span className="truncate text-ink-soft">{name ?? "–"}</span>;
}

function LineCell({ id }: CellProps) {
  const lead = useLiveRow("campaign_leads", id, (row) => ({
    line: row.personal_line ?? "",
    name: row.full_name ?? row.email ?? "",
    editable: OPEN.has(row.status),
  }));
  const [editing, setEditing] = useState(false);
  const { setLine } = useChangeLeads();
  if (!lead) return null;
  if (!editing) {
    return (
      <button
        type="button"
        tabIndex={-1}
        disabled={!lead.editable}
        title={lead.line}
        onClick={() => setEditing(true)}
        className={cx(
          "w-full truncate rounded-sm px-1 text-left enabled:hover:bg-hover",
          lead.line ? "text-ink-soft" : "text-ink-faint",
        )}
      >
        {lead.line || (lead.editable ? t.noLine : "–")}
      </button>
    );
  }
  return (
    <LineInput
      label={t.editLine(lead.name)}
      line={lead.line}
      onEnd={(line) => {
        setEditing(false);
        if (line !== null && line !== lead.line) setLine(id, line);
      }}
    />
  );
}

interface LineProps {
  readonly label: string;
  readonly line: string;
  readonly onEnd: (line: string | null) => void;
}

function LineInput({ label, line, onEnd }: LineProps) {
  const [text, setText] = useState(line);
  return (
    <input
      ref={(input) => input?.focus()}
      aria-label={label}
      maxLength={500}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => onEnd(text.trim())}
      onKeyDown={(event) => {
        if (event.key === "Enter") onEnd(text.trim());
        if (event.key === "Escape") onEnd(null);
      }}
      className={cx(inputClass, "h-7")}
    />
  );
}

const tones: Record<string, Tone> = {
  personalising: "accent",
  ready: "good",
  pushing: "accent",
  sent: "good",
  replied: "good",
  bounced: "warn",
  unsubscribed: "warn",
  suppressed: "warn",
  failed: "bad",
};

function StatusCell({ id }: CellProps) {
  const lead = useLiveRow("campaign_leads", id, ({ status, error_message }) => ({
    status,
    error_message,
  }));
  if (!lead) return null;
  return (
    <span title={lead.error_message ?? undefined}>
      <Badge tone={tones[lead.status] ?? "plain"}>{t.status[lead.status]}</Badge>
    </span>
  );
}

export const leadColumns: readonly GridColumn[] = [
  { id: "person", title: t.column.person, width: 200, Cell: PersonCell },
  { id: "company", title: t.column.company, width: 150, Cell: CompanyCell },
  { id: "line", title: t.column.line, width: 300, Cell: LineCell },
  { id: "status", title: t.column.status, width: 128, Cell: StatusCell },
];
