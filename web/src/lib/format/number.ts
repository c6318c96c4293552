const whole = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const dollars = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD" });
const credits = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export const formatCount = (n: number): string => whole.format(n);
/** For places where five digits do not fit. */
export const formatCompact = (n: number): string => (n < 10_000 ? whole : compact).format(n);
/** `share` is 0…1. */
export const formatShare = (share: number): string => percent.format(share);
export const formatDollars = (amount: number): string => dollars.format(amount);
export const formatCredits = (amount: number): string => credits.format(amount);
