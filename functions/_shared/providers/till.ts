/** Plain JSON: what can be kept in a table. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One paid call, before it is made. */
export interface Purchase {
  provider: string;
  /**
   * What is bought, the same for the same thing: `organizations/enrich:acme.com`. Vendors have no idempotency
   * keys, so this is what keeps OTIS from buying twice.
   */
  key: string;
  /** Credits that the call costs at most. */
  credits: number;
}

/** What SQL answers when money is about to be spent. */
export type Reservation =
  /** Go on: the credits are counted against the batch's ceiling. */
  | { kind: "reserved"; id: string }
  /** Bought before and still good: the answer of then, nothing is spent. */
  | { kind: "bought"; answer: Json }
  /** An earlier attempt broke off between paying and keeping the answer: counted as spent, not bought again by itself. */
  | { kind: "lost" }
  /** Somebody else is buying this very thing right now: wait for the answer. */
  | { kind: "busy" }
  /** The batch's ceiling, or the account's, does not allow it. */
  | { kind: "refused" };

/** The door to paid calls. Each method is one transaction in SQL, whose rules decide. */
export interface Till {
  reserve(purchase: Purchase): Promise<Reservation>;
  /** Keeps the answer and what it really cost, in one transaction. */
  record(id: string, result: { credits: number; answer: Json }): Promise<void>;
  /** Gives the credits back: the vendor certainly did not charge. */
  release(id: string): Promise<void>;
}

export type Bought =
  | { kind: "answer"; answer: Json; credits: number; saved: number }
  | { kind: "lost" | "refused" | "busy" };

/**
 * Makes a paid call at most once. The credits are reserved before and recorded after it; if we are killed in
 * between, or the connection breaks, they count as spent, and the same thing is not bought again by itself.
 *
 * @param call makes the request and says what it cost, by the vendor's own account where there is one
 * @param mayHaveCharged of an error that `call` rejected with; if not, the reservation is given back
 */
export async function buy(
  till: Till,
  purchase: Purchase,
  call: () => Promise<{ answer: Json; credits: number }>,
  mayHaveCharged: (cause: unknown) => boolean,
): Promise<Bought> {
  const reservation = await till.reserve(purchase);
  if (reservation.kind === "bought") {
    return { kind: "answer", answer: reservation.answer, credits: 0, saved: purchase.credits };
  }
  if (reservation.kind !== "reserved") return reservation;
  let result: { answer: Json; credits: number };
  try {
    result = await call();
  } catch (cause) {
    if (!mayHaveCharged(cause)) await till.release(reservation.id);
    throw cause;
  }
  await till.record(reservation.id, result);
  return { kind: "answer", ...result, saved: 0 };
}
