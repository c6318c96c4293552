import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { cx } from "../lib/class-names.ts";
import { common } from "../lib/texts/common.ts";
import { buttonClass } from "./button.tsx";

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
  /** Buttons at the bottom, the main one last. */
  readonly footer?: ReactNode;
  /** `side`: a panel at the right edge, for what belongs to a row of the page behind it. */
  readonly placement?: "centre" | "side";
  readonly wide?: boolean;
}

const frames = {
  centre:
    "top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-xl data-ending-style:opacity-0 data-starting-style:opacity-0 data-starting-style:-translate-y-[calc(50%-8px)]",
  side: "inset-y-0 right-0 w-[min(30rem,100vw)] data-ending-style:translate-x-full data-starting-style:translate-x-full",
};

/** Keeps the focus inside while open and gives it back after; Escape and the backdrop close it. */
export function Dialog({
  open,
  onClose,
  title,
  hint,
  children,
  footer,
  placement = "centre",
  wide = false,
}: Props) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/35 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          ref={popup}
          initialFocus={popup}
          className={cx(
            "fixed z-50 flex flex-col bg-raised text-ink shadow-float transition duration-150 ease-calm outline-none",
            frames[placement],
            wide && "w-[min(48rem,calc(100vw-2rem))]",
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 py-4">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold text-balance">{title}</Base.Title>
              {hint ? (
                <Base.Description render={<div />} className="text-sm text-ink-soft">
                  {hint}
                </Base.Description>
              ) : null}
            </div>
            <Base.Close
              aria-label={common.close}
              className={cx(buttonClass("ghost", { icon: true }), "-mt-1 -mr-2")}
            >
              <X aria-hidden="true" size={16} />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">
            {children}
          </div>
          {footer ? (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          ) : null}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
