import { parseAsString, useQueryStates } from "nuqs";
import { Dialog } from "../../components/dialog.tsx";
import { ExternalLink } from "../../components/external-link.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { Skeleton, SkeletonRows } from "../../components/skeleton.tsx";
import { formatSalary } from "../../lib/format/salary.ts";
import { formatDate } from "../../lib/format/time.ts";
import { useIsReady, useLiveRow } from "../../lib/live/use-live-rows.ts";
import type { PostingRow } from "../../lib/rows.ts";
import { postingTexts } from "../../lib/texts/posting.ts";
import { scrapingTexts } from "../../lib/texts/scraping.ts";
import { useIdsBy } from "../../lib/use-ids-by.ts";
import { usePostingText } from "./api/get-posting-text.ts";

const t = postingTexts.detail;

/** The posting that the address names, beside the page. */
export default function PostingDrawer() {
  const [{ posting: id }, set] = useQueryStates({ posting: parseAsString, company: parseAsString });
  const posting = useLiveRow("job_postings", id ?? "");
  const companies = useIdsBy("session_companies", "company_id");
  const companyRow = companies.get(posting?.company_id ?? "");
  const company = useLiveRow("session_companies", companyRow ?? "", ({ name }) => name);
  return (
    <Dialog
      placement="side"
      open={id !== null}
      onClose={() => void set({ posting: null })}
      title={posting?.title ?? t.title}
      hint={
        company && companyRow ? (
          <button
            type="button"
            className="text-accent hover:underline"
            onClick={() => void set({ posting: null, company: companyRow }, { history: "push" })}
          >
            {company}
          </button>
        ) : null
      }
    >
      {posting ? <Details posting={posting} /> : <NotThere />}
    </Dialog>
  );
}

function NotThere() {
  return useIsReady() ? <p>{t.gone}</p> : <SkeletonRows rows={4} height="h-10" />;
}

function Details({ posting }: { readonly posting: Readonly<PostingRow> }) {
  const text = usePostingText(posting.id, posting.updated_at);
  const date = (iso: string | null) => iso && formatDate(iso);
  const rows: [string, string | null | undefined][] = [
    [t.location, posting.location],
    [t.workplace, posting.workplace && postingTexts.workplace[posting.workplace]],
    [t.employment, posting.employment_type && postingTexts.employment[posting.employment_type]],
    [t.salary, formatSalary(posting)],
    [t.department, posting.department],
    [t.posted, date(posting.posted_at)],
    [t.validThrough, date(posting.valid_through)],
    [t.closed, date(posting.closed_at)],
    [t.sources, posting.sources.map((kind) => scrapingTexts.kind[kind] ?? kind).join(", ")],
  ];
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[7rem_1fr] gap-y-1">
        {rows.map(([label, value]) =>
          value ? (
            <div key={label} className="contents">
              <dt className="text-ink-soft">{label}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {posting.url ? (
        <p>
          <ExternalLink href={posting.url}>{t.original}</ExternalLink>
        </p>
      ) : null}
      {text.isPending ? (
        <div className="flex flex-col gap-2">
          <Skeleton className="h-3 w-full" />
          <Skeleton className="h-3 w-11/12" />
          <Skeleton className="h-3 w-2/3" />
        </div>
      ) : null}
      {text.isError ? (
        <FailureNotice error={text.error} onRetry={() => void text.refetch()} />
      ) : null}
      {text.isSuccess ? (
        <p className="max-w-prose text-base whitespace-pre-line text-ink-soft">
          {text.data || t.noText}
        </p>
      ) : null}
    </div>
  );
}
