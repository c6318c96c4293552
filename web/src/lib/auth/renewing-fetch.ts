/** Not again within this time (ms): where a fresh token is refused, the next one would be. */
const AGAIN_MS = 30_000;

interface Deps {
  readonly fetch: typeof fetch;
  /** The token as it is now; null: nobody is signed in. */
  readonly token: () => Promise<string | null>;
  /** Gets a new one, whatever the clock says; null: that failed. */
  readonly renew: () => Promise<string | null>;
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
}

/**
 * `fetch` that renews a token which the server refuses, and asks once more. supabase-js goes by
 * this computer's clock: if that is slow, it takes a token for good that has long expired.
 */
export function renewingFetch({ fetch, token, renew, now }: Deps): typeof globalThis.fetch {
  let renewing: Promise<string | null> | null = null;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const renewOnce = (): Promise<string | null> => {
    renewing ??= renew().finally(() => {
      renewing = null;
      renewedAt = now();
    });
    return renewing;
  };

  /** A token that may fare better than the one sent. */
  const better = async (sent: string | null): Promise<string | null> => {
    const current = await token();
    if (current === null || sent !== bearer(current)) return current;
    return now() - renewedAt < AGAIN_MS ? null : await renewOnce();
  };

  return async (input, init) => {
    const response = await fetch(input, init);
    const headers = new Headers(init?.headers);
    if (response.status !== 401) return response;
    const fresh = await better(headers.get("authorization"));
    if (fresh === null) return response;
    headers.set("authorization", bearer(fresh));
    return await fetch(input, { ...init, headers });
  };
}

const bearer = (token: string): string => `Bearer ${token}`;
