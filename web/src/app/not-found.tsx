import { Compass } from "lucide-react";
import { Link } from "wouter";
import { buttonClass } from "../components/button.tsx";
import { EmptyState } from "../components/notice.tsx";
import { shellTexts as t } from "../lib/texts/shell.ts";

export function NotFound() {
  return (
    <EmptyState
      as="h1"
      icon={Compass}
      title={t.notFound.title}
      action={
        <Link href="/" className={buttonClass("primary")}>
          {t.notFound.home}
        </Link>
      }
    >
      {t.notFound.hint}
    </EmptyState>
  );
}
