import { parseAsString, useQueryState } from "nuqs";
import { Badge } from "../../components/badge.tsx";
import { Section } from "../../components/section.tsx";
import { useLiveQuery, useLiveRow } from "../../lib/live/use-live-rows.ts";
import { companyTexts as t } from "../../lib/texts/company.ts";
import { postingTexts } from "../../lib/texts/posting.ts";

const MOST = 100;

export function CompanyPostings({ companyId }: { readonly companyId: string }) {
  const ids = useLiveQuery("job_postings", {
    key: `of ${companyId}`,
    filter: (posting) => posting.company_id === companyId,
    sort: (a, b) => b.status.localeCompare(a.status) || a.title.localeCompare(b.title),
  });
  return (
    <Section title={t.postings} count={ids.length}>
      {ids.length === 0 ? (
        <p className="text-ink-soft">{t.noPostings}</p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {ids.slice(0, MOST).map((id) => (
            <Posting key={id} id={id} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Posting({ id }: { readonly id: string }) {
  const posting = useLiveRow("job_postings", id);
  const [, open] = useQueryState("posting", parseAsString);
  if (!posting) return null;
  return (
    <li>
      <button
        type="button"
        onClick={() => void open(id, { history: "push" })}
        className="flex w-full items-center gap-3 px-3 py-2 text-left hover:bg-hover"
      >
        <span className="min-w-0 flex-1">
          <span className="block truncate">{posting.title}</span>
          <span className="block truncate text-xs text-ink-faint">{posting.location}</span>
        </span>
        {posting.status === "closed" ? (
          <Badge tone="warn">{postingTexts.detail.closed}</Badge>
        ) : posting.workplace ? (
          <Badge>{postingTexts.workplace[posting.workplace]}</Badge>
        ) : null}
      </button>
    </li>
  );
}
