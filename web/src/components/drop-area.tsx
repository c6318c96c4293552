import { type DragEvent, type ReactNode, useState } from "react";
import { cx } from "../lib/class-names.ts";

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Takes files that are dropped anywhere on it. Choosing them by a button is the caller's other way. */
export function DropArea({ label, hint, onFiles, className, children }: Props) {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    <section
      aria-label={label}
      className={cx("relative", className)}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        const into = event.relatedTarget;
        if (!(into instanceof Node && event.currentTarget.contains(into))) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {over ? (
        <div className="pointer-events-none absolute inset-0 z-10 grid place-items-center rounded-lg border-2 border-dashed border-accent bg-accent-soft font-medium text-accent">
          {hint}
        </div>
      ) : null}
    </section>
  );
}
