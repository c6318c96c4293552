import { Check, CircleAlert } from "lucide-react";
import { createContext, use, useState } from "react";
import { LEAD_STATUSES } from "../../../../functions/_shared/contract/workflow.ts";
import { ActivityDots } from "../../components/activity-dots.tsx";
import type { CellProps, GridColumn } from "../../components/grid/grid-columns.ts";
import { cx } from "../../lib/class-names.ts";
import { formatCompact } from "../../lib/format/number.ts";
import { formatMoment } from "../../lib/format/time.ts";
import type { LiveRow } from "../../lib/live/live-tables.ts";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import { enrichmentTexts as t } from "../../lib/texts/enrichment.ts";
import { useChangeCompanies } from "./api/change-companies.ts";

type Company = LiveRow<"session_companies">;
const useCompany = <S,>(id: string, select: (company: Company) => S) =>
  useLiveRow("session_companies", id, select);

/** From a company's id to the id of its newest enrichment status. */
export const StatusIds = createContext<ReadonlyMap<string, string>>(new Map());
/** Opens a company's details. */
export const OpenCompany = createContext<(id: string) => void>(() => {});

function NameCell({ id }: CellProps) {
  const company = useCompany(id, ({ name, domain }) => ({ name, domain }));
  const open = use(OpenCompany);
  if (!company) return null;
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => open(id)}
      className="flex min-w-0 items-baseline gap-2 text-left hover:underline"
    >
      <span className="max-w-full shrink-0 truncate font-medium">{company.name}</span>
      <span className="min-w-0 truncate text-xs text-ink-faint">{company.domain}</span>
    </button>
  );
}

const leadTones: Record<string, string> = {
  new: "text-ink-faint",
  interesting: "text-accent",
  contacted: "text-warn",
  replied: "text-good",
  won: "text-good font-semibold",
  ignored: "text-ink-faint line-through",
};

/** A text that becomes a list of choices when it is clicked: thirty such lists a screen would be slow. */
function LeadCell({ id }: CellProps) {
  const company = useCompany(id, ({ name, lead_status }) => ({ name, lead_status }));
  const [choosing, setChoosing] = useState(false);
  if (!company) return null;
  const { name, lead_status } = company;
  if (choosing) {
    return <LeadChoice id={id} name={name} value={lead_status} onDone={() => setChoosing(false)} />;
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`${t.leadOf(name)}: ${t.lead[lead_status]}`}
      onClick={() => setChoosing(true)}
      className={cx(
        "-ml-1 h-7 w-full rounded-md px-1 text-left hover:bg-hover",
        leadTones[lead_status],
      )}
    >
      {t.lead[lead_status]}
    </button>
  );
}

interface LeadChoiceProps {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly onDone: () => void;
}

function LeadChoice({ id, name, value, onDone }: LeadChoiceProps) {
  const { setLead } = useChangeCompanies();
  return (
    <select
      ref={open}
      aria-label={t.leadOf(name)}
      value={value}
      onBlur={onDone}
      onChange={(event) => {
        const next = LEAD_STATUSES.find((status) => status === event.target.value);
        if (next) setLead([id], next);
        onDone();
      }}
      className="-ml-1 h-7 w-full rounded-md bg-raised"
    >
      {LEAD_STATUSES.map((status) => (
        <option key={status} value={status}>
          {t.lead[status]}
        </option>
      ))}
    </select>
  );
}

function open(select: HTMLSelectElement | null) {
  select?.focus();
  // Refused where the click is too long ago; the list then opens with the next key or click.
  try {
    select?.showPicker();
  } catch {}
}

function StatusCell({ id }: CellProps) {
  const company = useCompany(id, (c) => ({ id: c.company_id, at: c.enriched_at }));
  const statuses = use(StatusIds);
  const status = useLiveRow("enrichment_status", statuses.get(company?.id ?? "") ?? "");
  if (!company) return null;
  if (!status) {
    return company.at ? <Done text={t.status.completed ?? ""} /> : <Blank />;
  }
  switch (status.status) {
    case "completed":
      return <Done text={t.status.completed ?? ""} but={status.error_message} />;
    case "running":
      return (
        <span className="flex min-w-0 items-center gap-2 text-accent">
          <ActivityDots />
          <span className="truncate text-xs">{status.step || t.status.running}</span>
        </span>
      );
    case "failed":
      return (
        <span
          title={status.error_message ?? undefined}
          className="flex min-w-0 items-center gap-1.5 text-xs text-bad"
        >
          <CircleAlert aria-hidden="true" size={13} className="shrink-0" />
          <span className="truncate">{status.error_message ?? t.status.failed}</span>
        </span>
      );
    default:
      return <span className="text-xs text-ink-soft">{t.status[status.status]}</span>;
  }
}

interface DoneProps {
  readonly text: string;
  /** What could not be done all the same, and what to do about it. */
  readonly but?: string | null;
}

const Done = ({ text, but }: DoneProps) => (
  <span
    title={but ?? undefined}
    className={cx("flex min-w-0 items-center gap-1.5 text-xs", but ? "text-warn" : "text-good")}
  >
    {but ? (
      <CircleAlert aria-hidden="true" size={13} className="shrink-0" />
    ) : (
      <Check aria-hidden="true" size={13} className="shrink-0" />
    )}
    <span className="truncate">{but ?? text}</span>
  </span>
);

const Blank = () => <span className="text-ink-faint">–</span>;

const counts: Readonly<Record<string, (company: Company) => number | null>> = {
  jobs: (company) => company.jobs_count,
  emails: (company) => company.emails_count,
  phones: (company) => company.phones_count,
  people: (company) => company.people_count,
  employees: (company) => company.employees,
};

/** A number, or a dash for none. */
function CountCell({ id, column }: CellProps) {
  const n = useCompany(id, counts[column] ?? (() => null));
  return n ? formatCompact(n) : <Blank />;
}

const moment = (iso: string | null) => iso && formatMoment(iso);

const texts: Readonly<Record<string, (company: Company) => string | null>> = {
  industry: (company) => company.industry,
  place: ({ city, country }) => [city, country].filter(Boolean).join(", "),
  enriched: (company) => moment(company.enriched_at),
  added: (company) => moment(company.created_at),
};

function TextCell({ id, column }: CellProps) {
  const value = useCompany(id, texts[column] ?? (() => null));
  return value ? <span className="truncate text-ink-soft">{value}</span> : <Blank />;
}

const number = { sortable: true, align: "right", Cell: CountCell } as const;
const words = { sortable: true, Cell: TextCell } as const;

/** On a narrow screen the name gets by with less. */
export const narrowColumns: readonly GridColumn[] = [
  { id: "name", title: t.column.name, width: 160, sortable: true, Cell: NameCell },
  { id: "lead", title: t.column.lead, width: 104, sortable: true, Cell: LeadCell },
];

export const companyColumns: readonly GridColumn[] = [
  { id: "name", title: t.column.name, width: 240, sortable: true, Cell: NameCell },
  { id: "lead", title: t.column.lead, width: 116, sortable: true, Cell: LeadCell },
  { id: "jobs", title: t.column.jobs, width: 72, ...number },
  { id: "status", title: t.column.status, width: 176, Cell: StatusCell },
  { id: "emails", title: t.column.emails, width: 84, ...number },
  { id: "phones", title: t.column.phones, width: 84, ...number },
  { id: "people", title: t.column.people, width: 80, ...number },
  { id: "industry", title: t.column.industry, width: 136, ...words },
  { id: "employees", title: t.column.employees, width: 108, ...number },
  { id: "place", title: t.column.place, width: 144, ...words },
  { id: "enriched", title: t.column.enriched, width: 96, ...words },
  { id: "added", title: t.column.added, width: 96, ...words },
];
