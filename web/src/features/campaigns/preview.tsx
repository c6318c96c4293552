import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { render } from "../../../../functions/_shared/campaigns/template.ts";
import { Button } from "../../components/button.tsx";
import { useLiveRow } from "../../lib/live/use-live-rows.ts";
import { campaignTexts } from "../../lib/texts/campaigns.ts";
import { useLeadValues } from "./api/get-lead-values.ts";
import type { Texts } from "./api/get-texts.ts";

const t = campaignTexts.preview;

/** The texts as real leads will read them, while they are being written. */
export function Preview({ id, texts }: { readonly id: string; readonly texts: Texts }) {
  const mark = useLiveRow("campaigns", id, (c) => `${c.leads_total} ${c.leads_ready}`) ?? "";
  const { data: leads = [] } = useLeadValues(id, mark);
  const [at, setAt] = useState(0);
  const lead = leads[Math.min(at, leads.length - 1)];
  const values = {
    ...lead?.values,
    sender_name: texts.sender.name,
    sender_company: texts.sender.company,
    unsubscribe_text: texts.unsubscribe_text,
  };
  return (
    <section aria-label={t.title} className="flex min-w-0 flex-col gap-1">
      <header className="flex h-5 items-center gap-1">
        <h2 className="mr-auto text-xs font-medium text-ink-soft">{t.title}</h2>
        {leads.length > 1 ? (
          <>
            <span className="text-xs text-ink-faint">{t.of(at + 1, leads.length)}</span>
            <Button
              variant="ghost"
              dense="sm"
              icon
              aria-label={t.previous}
              disabled={at === 0}
              onClick={() => setAt(at - 1)}
            >
              <ChevronLeft aria-hidden="true" size={14} />
            </Button>
            <Button
              variant="ghost"
              dense="sm"
              icon
              aria-label={t.next}
              disabled={at >= leads.length - 1}
              onClick={() => setAt(at + 1)}
            >
              <ChevronRight aria-hidden="true" size={14} />
            </Button>
          </>
        ) : null}
      </header>
      <article className="flex flex-1 flex-col rounded-lg border border-line bg-surface shadow-raised">
        {lead ? (
          <>
            <header className="border-b border-line px-4 py-3">
              <p className="text-xs text-ink-faint">
                {t.to} {lead.email}
              </p>
              <p className="text-base font-semibold">
                {render(texts.subject, values) || t.noSubject}
              </p>
            </header>
            <p className="px-4 py-3 text-base whitespace-pre-line text-ink-soft">
              {render(texts.body, values).trim()}
            </p>
          </>
        ) : (
          <p className="m-auto p-8 text-center text-ink-faint">{t.none}</p>
        )}
      </article>
    </section>
  );
}
