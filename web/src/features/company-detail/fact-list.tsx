import { ExternalLink } from "../../components/external-link.tsx";
import type { RowOf } from "../../lib/rows.ts";
import { companyTexts as t } from "../../lib/texts/company.ts";
import { Provenance } from "./provenance.tsx";

export function FactList({ facts }: { readonly facts: readonly RowOf<"company_facts">[] }) {
  if (facts.length === 0) return <p className="text-ink-soft">{t.noFacts}</p>;
  return (
    <dl className="divide-y divide-line rounded-lg border border-line">
      {facts.map((fact) => (
        <div key={fact.id} className="flex flex-wrap gap-x-3 px-3 py-2">
          <dt className="w-28 shrink-0 text-xs leading-5 text-ink-soft first-letter:uppercase">
            {t.fact[fact.key] ?? fact.key.replaceAll("_", " ")}
          </dt>
          <dd className="min-w-40 flex-1">
            <p>
              <ExternalLink href={fact.value}>{fact.value}</ExternalLink>
            </p>
            <Provenance value={fact} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
