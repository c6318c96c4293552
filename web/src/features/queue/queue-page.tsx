import { ListChecks } from "lucide-react";
import { Link, useSearchParams } from "wouter";
import { EmptyState, FailureNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Segments } from "../../components/segments.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useAuth } from "../../lib/auth/use-auth.ts";
import { queueTexts as t } from "../../lib/texts/queue.ts";
import { useWork } from "./api/list-work.ts";
import { byTurn, SHOWN, type Shown, type Work } from "./work.ts";
import { WorkItem } from "./work-item.tsx";

/** What runs, waits and failed, by session. */
export default function QueuePage() {
  const auth = useAuth();
  const { data, error, isPending, refetch } = useWork("userId" in auth ? auth.userId : "");
  const [params, setParams] = useSearchParams();
  const shown = SHOWN.find((value) => value === params.get("show")) ?? "open";
  const work = data?.work ?? [];
  const part = {
    open: work.filter((w) => !w.failed),
    failed: work.filter((w) => w.failed),
    all: work,
  };
  const sessions = (data?.sessions ?? [])
    .map((session) => ({
      ...session,
      work: part[shown].filter(({ sessionId }) => sessionId === session.id).toSorted(byTurn),
    }))
    .filter((session) => session.work.length > 0 && session.archived_at === null);
  return (
    <div className="mx-auto max-w-300 pb-12">
      <PageHeader title={t.title}>
        <Segments
          label={t.show}
          value={shown}
          options={SHOWN.map((value) => ({
            value,
            label: t.shown[value],
            count: data && part[value].length,
          }))}
          onChange={(value) => setParams({ show: value }, { replace: true })}
        />
      </PageHeader>
      <div className="flex flex-col gap-6 px-4 md:px-8">
        {error ? <FailureNotice error={error} onRetry={() => void refetch()} /> : null}
        {isPending ? (
          <div className="overflow-clip rounded-lg border border-line bg-surface">
            <SkeletonRows rows={5} />
          </div>
        ) : null}
        {data && sessions.length === 0 ? (
          <EmptyState
            icon={ListChecks}
            title={t.empty[shown].title}
            className="rounded-lg border border-line bg-surface"
          >
            {t.empty[shown].hint}
          </EmptyState>
        ) : null}
        {sessions.map((session) => (
          <SessionWork key={session.id} {...session} shown={shown} />
        ))}
      </div>
    </div>
  );
}

function SessionWork({
  id,
  name,
  work,
  shown,
}: {
  readonly id: string;
  readonly name: string;
  readonly work: readonly Work[];
  readonly shown: Shown;
}) {
  return (
    <section aria-label={name}>
      <h2 className="mb-2 text-base font-semibold">
        <Link href={`/s/${id}`} className="hover:underline">
          {name}
        </Link>{" "}
        <span className="font-normal text-ink-faint">{work.length}</span>
      </h2>
      <ul className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface">
        {work.map((item) => (
          <WorkItem key={item.id} work={item} shown={shown} />
        ))}
      </ul>
    </section>
  );
}
