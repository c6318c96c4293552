import { Download } from "lucide-react";
import { buttonClass } from "../../components/button.tsx";
import { exportLink } from "../../lib/api/export-anchor.ts";
import { resultsTexts } from "../../lib/texts/results.ts";

const t = resultsTexts.exports;
const TABLES = ["companies", "contacts", "postings", "runs", "results", "events"] as const;

/** Plain links: the browser's own download, as large as it may be. */
export function Exports({ sessionId }: { readonly sessionId: string }) {
  return (
    <section aria-labelledby="exports-title">
      <h2 id="exports-title" className="text-base font-semibold">
        {t.title}
      </h2>
      <p className="mb-3 text-ink-soft">{t.hint}</p>
      <ul className="flex flex-wrap gap-2">
        {TABLES.map((what) => (
          <li key={what}>
            <a
              {...exportLink({ what, session_id: sessionId, bom: true })}
              className={buttonClass()}
            >
              <Download aria-hidden="true" size={14} />
              {t[what]}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
