/** Something is going on in the background. Decoration: what it is, is said in words beside it. */
export function ActivityDots() {
  return (
    <span aria-hidden="true" className="inline-flex items-center gap-0.5">
      {["0s", "0.16s", "0.32s"].map((delay) => (
        <span
          key={delay}
          className="size-1 animate-dots rounded-full bg-current"
          style={{ animationDelay: delay }}
        />
      ))}
    </span>
  );
}
