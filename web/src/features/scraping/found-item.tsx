import { parseAsString, useQueryStates } from "nuqs";
import { Badge } from "../../components/badge.tsx";
import { formatSalary } from "../../lib/format/salary.ts";
import { formatDate, formatMoment } from "../../lib/format/time.ts";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import { postingTexts } from "../../lib/texts/posting.ts";
import { scrapingTexts } from "../../lib/texts/scraping.ts";

const t = scrapingTexts.found;
const details = { posting: parseAsString, company: parseAsString };
const itemClass =
  "flex w-full flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2 text-left hover:bg-hover";

interface PostingProps {
  readonly id: string;
  /** From a company's id to the id of its row in this session. */
  readonly companies: ReadonlyMap<string, string>;
}

export function PostingItem({ id, companies }: PostingProps) {
  const posting = useLiveRow("job_postings", id);
  const company = useLiveRow(
    "session_companies",
    companies.get(posting?.company_id ?? "") ?? "",
    (row) => row.name,
  );
  const [, open] = useQueryStates(details);
  if (!posting) return null;
  const salary = formatSalary(posting);
  return (
    <li>
      <button
        type="button"
        onClick={() => void open({ posting: id }, { history: "push" })}
        className={itemClass}
      >
        <span className="min-w-56 flex-1">
          <span className="block truncate font-medium">{posting.title}</span>
          <span className="block truncate text-xs text-ink-soft">
            {[company, posting.location].filter(Boolean).join(" · ")}
          </span>
        </span>
        {salary ? <span className="text-xs text-ink-soft">{salary}</span> : null}
        {posting.workplace ? <Badge>{postingTexts.workplace[posting.workplace]}</Badge> : null}
        {posting.status === "closed" ? <Badge tone="warn">{t.closed}</Badge> : null}
        <span
          className="w-20 text-right text-xs text-ink-faint"
          title={posting.posted_at ? `${t.posted} ${formatDate(posting.posted_at)}` : undefined}
        >
          {posting.posted_at ? formatMoment(posting.posted_at) : null}
        </span>
      </button>
    </li>
  );
}

export function CompanyItem({ id }: { readonly id: string }) {
  const company = useLiveRow("session_companies", id);
  const [, open] = useQueryStates(details);
  if (!company) return null;
  return (
    <li>
      <button
        type="button"
        onClick={() => void open({ company: id }, { history: "push" })}
        className={itemClass}
      >
        <span className="min-w-56 flex-1">
          <span className="block truncate font-medium">{company.name}</span>
          <span className="block truncate text-xs text-ink-soft">
            {[company.domain, company.industry].filter(Boolean).join(" · ")}
          </span>
        </span>
        <span className="text-xs text-ink-soft">
          {[company.city, company.country].filter(Boolean).join(", ")}
        </span>
        <span className="w-24 text-right text-xs text-ink-soft">{t.open(company.jobs_count)}</span>
      </button>
    </li>
  );
}
