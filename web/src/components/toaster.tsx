import { createRoot } from "react-dom/client";
import { Toaster, toast } from "sonner";
import "sonner/dist/styles.css";

/** A tree of its own beside the page's, put there with the first toast. */
const host = document.createElement("div");
document.body.append(host);
createRoot(host).render(
  <Toaster
    position="bottom-center"
    gap={8}
    visibleToasts={3}
    toastOptions={{
      unstyled: true,
      classNames: {
        toast:
          "flex w-(--width) items-start gap-3 rounded-lg bg-raised px-3 py-2.5 font-sans text-sm text-ink shadow-float",
        title: "font-medium",
        description: "text-ink-soft",
        error: "border-l-2 border-bad",
        actionButton:
          "ml-auto shrink-0 rounded-md border border-line-strong px-2 py-0.5 text-xs font-medium hover:bg-hover",
      },
    }}
  />,
);

export { toast };
