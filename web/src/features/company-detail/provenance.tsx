import { ExternalLink } from "../../components/external-link.tsx";
import { formatCredits, formatShare } from "../../lib/format/number.ts";
import { formatDate } from "../../lib/format/time.ts";
import { companyTexts } from "../../lib/texts/company.ts";

const t = companyTexts;

interface Props {
  readonly value: {
    readonly provider: string;
    readonly source_url: string | null;
    readonly found_at: string;
    readonly confidence: number;
    readonly cost: number;
  };
}

/** Who says so, where, since when, how surely, for how much. */
export function Provenance({ value }: Props) {
  const { provider, source_url, found_at, confidence, cost } = value;
  return (
    <p className="flex flex-wrap gap-x-1.5 text-xs text-ink-faint">
      <ExternalLink href={source_url}>{t.provider[provider] ?? provider}</ExternalLink>
      <span>· {formatDate(found_at)}</span>
      <span>· {t.provenance.confidence(formatShare(confidence))}</span>
      {cost > 0 ? <span>· {t.provenance.cost(formatCredits(cost))}</span> : null}
    </p>
  );
}
