import { type ReactNode, useEffect } from "react";
import { common } from "../lib/texts/common.ts";

/** Title of a page and of the browser's tab, and what can be done on the page. */
export function PageHeader({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  useTitle(title);
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-6 pb-4 md:px-8">
      <h1 className="mr-auto text-xl font-semibold tracking-tight">{title}</h1>
      {children}
    </header>
  );
}

/** Titles the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${common.product}`;
  }, [title]);
}
