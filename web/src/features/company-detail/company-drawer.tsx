import { parseAsString, useQueryState } from "nuqs";
import { Dialog } from "../../components/dialog.tsx";
import { ExternalLink } from "../../components/external-link.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { Section } from "../../components/section.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import type { LiveRow } from "../../lib/live/live-tables.ts";
import { useIsReady, useLiveRow } from "../../lib/live/use-live-rows.ts";
import { companyTexts as t } from "../../lib/texts/company.ts";
import { useCompanyDetail } from "./api/get-company.ts";
import { CompanyPostings } from "./company-postings.tsx";
import { ContactList } from "./contact-list.tsx";
import { EnrichmentState } from "./enrichment-state.tsx";
import { FactList } from "./fact-list.tsx";

/** The company that the address names, beside the page. */
export default function CompanyDrawer() {
  const [id, setId] = useQueryState("company", parseAsString);
  const company = useLiveRow("session_companies", id ?? "");
  return (
    <Dialog
      placement="side"
      open={id !== null}
      onClose={() => void setId(null)}
      title={company?.name ?? t.title}
      hint={company ? <Subtitle company={company} /> : null}
    >
      {company ? <Details key={company.id} company={company} /> : <NotThere />}
    </Dialog>
  );
}

function NotThere() {
  return useIsReady() ? <p>{t.gone}</p> : <SkeletonRows rows={4} height="h-10" />;
}

type Company = LiveRow<"session_companies">;

function Subtitle({ company }: { readonly company: Company }) {
  const facts = [company.industry, [company.city, company.country].filter(Boolean).join(", ")];
  return (
    <>
      {company.domain ? (
        <ExternalLink href={`https://${company.domain}`}>{company.domain}</ExternalLink>
      ) : null}
      <p>{facts.filter(Boolean).join(" · ")}</p>
    </>
  );
}

function Details({ company }: { readonly company: Company }) {
  const detail = useCompanyDetail(company.company_id, company.revision);
  return (
    <div className="flex flex-col gap-6">
      <EnrichmentState company={company} />
      {detail.isError ? (
        <FailureNotice error={detail.error} onRetry={() => void detail.refetch()} />
      ) : null}
      {detail.isPending ? <SkeletonRows rows={4} height="h-10" /> : null}
      {detail.data ? (
        <>
          {detail.data.company.description ? (
            <Section title={t.about}>
              <p className="text-ink-soft">{detail.data.company.description}</p>
            </Section>
          ) : null}
          <Section title={t.contacts} count={detail.data.contacts.length}>
            <ContactList contacts={detail.data.contacts} />
          </Section>
          <Section title={t.facts} count={detail.data.facts.length}>
            <FactList facts={detail.data.facts} />
          </Section>
        </>
      ) : null}
      <CompanyPostings companyId={company.company_id} />
    </div>
  );
}
