import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ControlMenu } from "../../components/control-menu.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { cx } from "../../lib/class-names.ts";
import { common } from "../../lib/texts/common.ts";
import { queueTexts as t } from "../../lib/texts/queue.ts";
import { type QueuedCompany, useBatchCompanies } from "./api/list-companies.ts";
import { Why } from "./why.tsx";
import type { Shown } from "./work.ts";

const PAGE = 50;

interface Props {
  readonly id: string;
  readonly sessionId: string;
  readonly shown: Shown;
}

/** The companies of a batch, each with what can be done about it. */
export function BatchCompanies({ id, sessionId, shown }: Props) {
  const [most, setMost] = useState(PAGE);
  const { data, error, refetch } = useBatchCompanies({ batchId: id, sessionId, shown, most });
  if (error) return <FailureNotice className="m-4" error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} />;
  return (
    <div className="border-t border-line bg-canvas py-1 text-xs">
      {data.length === 0 ? <p className="px-10 py-1 text-ink-faint">{t.noCompanies}</p> : null}
      <ul>
        {data.slice(0, most).map((company) => (
          <Company key={company.id} company={company} />
        ))}
      </ul>
      {data.length > most ? (
        <Button variant="ghost" dense="sm" className="ml-8" onClick={() => setMost(most + PAGE)}>
          {common.loadMore}
        </Button>
      ) : null}
    </div>
  );
}

function Company({ company }: { readonly company: QueuedCompany }) {
  const { id, name, status, step, error_message } = company;
  const controls = useControls("company", id);
  const failed = status === "failed";
  return (
    <li className="flex h-8 items-center gap-3 pr-4 pl-10">
      <span className="max-w-1/2 shrink-0 truncate font-medium sm:w-56">{name}</span>
      <span className={cx("min-w-0 flex-1 truncate", failed ? "text-bad" : "text-ink-soft")}>
        {error_message || step || t.status[status]}
      </span>
      {status === "queued" ? <Why target="company" id={id} label={name} /> : null}
      <ControlMenu
        label={t.actions(name)}
        can={{ first: status === "queued", retry: failed, cancel: !failed }}
        controls={controls}
      />
    </li>
  );
}
