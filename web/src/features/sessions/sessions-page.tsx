import { Layers, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { useSearchParams } from "wouter";
import { Button } from "../../components/button.tsx";
import { NewPill } from "../../components/new-pill.tsx";
import { EmptyState, FailureNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { Segments } from "../../components/segments.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useAuth } from "../../lib/auth/use-auth.ts";
import { common } from "../../lib/texts/common.ts";
import { sessionsTexts as t } from "../../lib/texts/sessions.ts";
import { useCreateSession } from "./api/create-session.ts";
import { useSessions } from "./api/list-sessions.ts";
import { useWatchSessions } from "./api/watch-sessions.ts";
import { SessionItem } from "./session-item.tsx";

const SHOWN = ["active", "archived"] as const;

export function SessionsPage() {
  const [params, setParams] = useSearchParams();
  const search = params.get("q") ?? "";
  const show = SHOWN.find((value) => value === params.get("show")) ?? "active";
  const { create, busy } = useCreateSession();
  const sessions = useSessions({ search, archived: show === "archived" });
  const rows = sessions.data?.pages.flat();
  const fresh = useFreshSessions(rows?.map((row) => row.id) ?? []);
  const change = useCallback(
    (name: string, value: string) => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (value) after.set(name, value);
          else after.delete(name);
          return after;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  const changeSearch = useCallback((q: string) => change("q", q), [change]);

  return (
    <div className="mx-auto max-w-300 pb-12">
      <PageHeader title={t.title}>
        <SearchField label={t.search} value={search} onChange={changeSearch} />
        <Segments
          label={t.show}
          value={show}
          options={SHOWN.map((value) => ({ value, label: t[value] }))}
          onChange={(value) => change("show", value === "active" ? "" : value)}
        />
        <Button variant="primary" className="max-sm:flex-1" busy={busy} onClick={create}>
          <Plus aria-hidden="true" size={15} />
          {t.create}
        </Button>
      </PageHeader>
      <div className="mx-4 overflow-clip rounded-lg border border-line bg-surface md:mx-8">
        <div className="flex justify-center empty:hidden [&:has(button)]:border-b [&:has(button)]:border-line [&:has(button)]:py-2">
          <NewPill
            count={fresh.count}
            onShow={() => {
              fresh.clear();
              void sessions.refetch();
            }}
          />
        </div>
        {sessions.isError ? (
          <FailureNotice
            className="m-4"
            error={sessions.error}
            onRetry={() => void sessions.refetch()}
          />
        ) : null}
        {sessions.isPending ? <SkeletonRows rows={5} height="h-18" /> : null}
        {rows && rows.length > 0 ? (
          <ul aria-label={t.list} className="divide-y divide-line">
            {rows.map((row) => (
              <SessionItem key={row.id} session={row} />
            ))}
          </ul>
        ) : null}
        {rows?.length === 0 ? <NoSessions search={search} archived={show === "archived"} /> : null}
      </div>
      {sessions.hasNextPage ? (
        <div className="mt-4 flex justify-center">
          <Button busy={sessions.isFetchingNextPage} onClick={() => void sessions.fetchNextPage()}>
            {common.loadMore}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** Sessions that came into being elsewhere while the list was open. */
function useFreshSessions(listed: readonly string[]) {
  const auth = useAuth();
  const [ids, setIds] = useState<readonly string[]>([]);
  const add = useCallback((id: string) => setIds((all) => [...all, id]), []);
  useWatchSessions("userId" in auth ? auth.userId : "", add);
  return {
    count: ids.filter((id) => !listed.includes(id)).length,
    clear: () => setIds([]),
  };
}

function NoSessions({ search, archived }: { search: string; archived: boolean }) {
  const { create, busy } = useCreateSession();
  if (search) return <EmptyState icon={Layers} title={t.nothingFound(search)} />;
  if (archived) return <EmptyState icon={Layers} title={t.nothingArchived} />;
  return (
    <EmptyState
      icon={Layers}
      title={t.empty.title}
      action={
        <Button variant="primary" busy={busy} onClick={create}>
          {t.create}
        </Button>
      }
    >
      {t.empty.hint}
    </EmptyState>
  );
}
