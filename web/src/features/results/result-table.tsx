import { WideTable } from "../../components/wide-table.tsx";
import { cx } from "../../lib/class-names.ts";
import { formatCount, formatCredits, formatDollars } from "../../lib/format/number.ts";
import { formatDuration } from "../../lib/format/time.ts";
import { resultsTexts as t } from "../../lib/texts/results.ts";
import type { ResultRow } from "./api/get-results.ts";

interface Props {
  readonly title: string;
  /** Heading of the first column. */
  readonly name: string;
  readonly none: string;
  readonly rows: readonly ResultRow[];
  readonly inCredits?: boolean;
}

/** Who found how much, failed how often, for how much, in which time. */
export function ResultTable({ title, name, none, rows, inCredits = false }: Props) {
  const most = Math.max(1, ...rows.map(({ found }) => found));
  const cost = (n: number) => (inCredits ? t.credits(formatCredits(n)) : formatDollars(n));
  return (
    <section>
      <h2 className="mb-3 text-base font-semibold">{title}</h2>
      {rows.length === 0 ? (
        <p className="text-ink-soft">{none}</p>
      ) : (
        <WideTable label={title}>
          <thead>
            <tr className="border-b border-line text-left text-xs text-ink-soft [&>th]:font-medium">
              <th scope="col">{name}</th>
              <th scope="col" className="w-2/5">
                {t.column.found}
              </th>
              <th scope="col" className="text-right">
                {t.column.failed}
              </th>
              <th scope="col" className="text-right">
                {t.column.cost}
              </th>
              <th scope="col" className="text-right">
                {t.column.seconds}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name} className="border-b border-line last:border-0">
                <th scope="row" className="max-w-60 truncate text-left font-medium">
                  {row.name}
                </th>
                <td>
                  <span className="flex items-center gap-2">
                    <span className="w-12 shrink-0 text-right">{formatCount(row.found)}</span>
                    <span aria-hidden="true" className="min-w-16 flex-1">
                      <span
                        className="block h-2 min-w-px rounded-full bg-accent"
                        style={{ width: `${(100 * row.found) / most}%` }}
                      />
                    </span>
                  </span>
                </td>
                <td className={cx("text-right", row.failed > 0 ? "text-bad" : "text-ink-faint")}>
                  {formatCount(row.failed)}
                </td>
                <td className="text-right whitespace-nowrap text-ink-soft">
                  {row.cost > 0 ? cost(row.cost) : "–"}
                </td>
                <td className="text-right whitespace-nowrap text-ink-soft">
                  {row.seconds === null ? "–" : formatDuration(row.seconds)}
                </td>
              </tr>
            ))}
          </tbody>
        </WideTable>
      )}
    </section>
  );
}
