import { formatCount, formatShare } from "../../lib/format/number.ts";
import { resultsTexts } from "../../lib/texts/results.ts";
import type { ResultRow } from "./api/get-results.ts";

const t = resultsTexts.funnel;

/** Each step as a bar against the largest, and as a share of the step before. */
export function Funnel({ steps }: { readonly steps: readonly ResultRow[] }) {
  const most = Math.max(1, ...steps.map(({ found }) => found));
  return (
    <section aria-labelledby="funnel-title">
      <h2 id="funnel-title" className="mb-3 text-base font-semibold">
        {t.title}
      </h2>
      <ol className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-4">
        {steps.map(({ name, found }, at) => {
          const before = steps[at - 1]?.found ?? 0;
          return (
            <li
              key={name}
              className="grid grid-cols-[4.75rem_1fr_3rem] sm:grid-cols-[6rem_1fr_4rem] items-center gap-x-3"
            >
              <span className="text-ink-soft">{t.steps[name] ?? name}</span>
              <span className="h-6 overflow-hidden rounded-md bg-sunken">
                <span
                  className="block h-full origin-left rounded-md bg-accent transition-transform duration-500 ease-calm"
                  style={{
                    transform: `scaleX(${found / most})`,
                    opacity: 1 - at * 0.13,
                  }}
                />
              </span>
              <span className="text-right text-base font-semibold tabular-nums">
                {formatCount(found)}
              </span>
              {at > 0 && before > 0 ? (
                <span className="col-start-2 text-xs text-ink-faint">
                  {t.of(formatShare(found / before))}
                </span>
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
