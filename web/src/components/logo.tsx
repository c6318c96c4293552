/** Two rings: what OTIS watches, and the eye that watches. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <circle cx="16" cy="16" r="8.25" fill="none" strokeWidth="3.5" className="stroke-on-accent" />
      <circle cx="16" cy="16" r="2.5" className="fill-on-accent" />
    </svg>
  );
}
