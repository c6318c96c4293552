import { type ReactNode, useId } from "react";

export function SettingsSection({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="text-base font-semibold">
        {title}
      </h2>
      {hint ? <p className="max-w-prose text-ink-soft">{hint}</p> : null}
      <div className="mt-3 rounded-lg border border-line bg-surface">{children}</div>
    </section>
  );
}
