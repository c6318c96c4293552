import { pathOf } from "./run-source.ts";
import type { VendorAnswer, VendorRequest } from "./vendor-server.ts";

type Run = { id: string; input: unknown; polls: number; status: string };

/** An Apify account with one actor, "acme~jobs", whose runs end after two looks at them. */
export class ApifyVendor {
  readonly runs: Run[] = [];
  /** Items in the dataset when the run has ended; every tenth is no posting. */
  items = 1200;
  end = "SUCCEEDED";
  /** Answers the start with this instead, after having begun the run if `losesAnswer`. */
  refusal: VendorAnswer | null = null;
  losesAnswer = false;
  aborted: string[] = [];

  readonly answer = (request: VendorRequest): VendorAnswer => {
    const path = pathOf(request.url, "apify") ?? "";
    if (request.headers.authorization !== "Bearer good") {
      return error(
        401,
        "user-or-token-not-found",
        "User was not found or authentication token is not valid",
      );
    }
    const run = this.runs.find(({ id }) => path.includes(id));
    if (path === "/v2/actors/acme~jobs/runs") {
      return request.method === "POST" ? this.start(request.body) : this.list();
    }
    if (/^\/v2\/key-value-stores\/store-/.test(path) && run) return { body: run.input };
    if (path.endsWith("/abort") && run) {
      this.aborted.push(run.id);
      run.status = "ABORTING";
      return { body: { data: this.show(run) } };
    }
    if (path.startsWith("/v2/actor-runs/") && run) return { body: { data: this.show(run, true) } };
    if (path.startsWith("/v2/datasets/data-") && run)
      return this.page(run, request.url.searchParams);
    return error(404, "record-not-found", "Actor was not found");
  };

  private start(input: unknown): VendorAnswer {
    if (this.refusal !== null && !this.losesAnswer) return this.refusal;
    const run = { id: `run${this.runs.length + 1}x`, input, polls: 0, status: "READY" };
    this.runs.push(run);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      return { body: null };
    }
    return { status: 201, body: { data: this.show(run) } };
  }

  private list(): VendorAnswer {
    return { body: { data: { items: this.runs.map((run) => this.show(run)).reverse() } } };
  }

  private show(run: Run, look = false) {
    if (look && run.status !== "ABORTING") {
      run.polls++;
      run.status = run.polls > 2 ? this.end : "RUNNING";
    }
    return {
      id: run.id,
      status: run.status,
      defaultDatasetId: `data-${run.id}`,
      defaultKeyValueStoreId: `store-${run.id}`,
      usageTotalUsd: run.polls * 0.25,
    };
  }

  private page(run: Run, query: URLSearchParams): VendorAnswer {
    // While it runs, the dataset grows: half of it is there.
    const total = run.status === "RUNNING" ? Math.floor(this.items / 2) : this.items;
    const [offset, limit] = [Number(query.get("offset")), Number(query.get("limit"))];
    const numbers = Array.from(
      { length: Math.max(0, Math.min(limit, total - offset)) },
      (_, index) => offset + index,
    );
    // `clean` leaves empty items out, so fewer come than were asked for.
    const items = numbers
      .filter((number) => number % 10 !== 9)
      .map((number) => ({
        id: number,
        positionName: `Job ${number}`,
        company: "Acme",
        location: "Bonn, Germany",
        url: `https://board.example/${number}`,
      }));
    return {
      headers: {
        "x-apify-pagination-total": `${total}`,
        "x-apify-pagination-offset": `${offset}`,
        "x-apify-pagination-limit": `${limit}`,
        "x-apify-pagination-count": `${items.length}`,
      },
      body: items,
    };
  }
}

export function error(status: number, type: string, message: string): VendorAnswer {
  return { status, body: { error: { type, message } } };
}
