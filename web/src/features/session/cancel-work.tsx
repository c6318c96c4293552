import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { useAction } from "../../lib/api/use-action.ts";
import { sessionTexts } from "../../lib/texts/session.ts";
import { useSessionId } from "./use-session.ts";

const t = sessionTexts.cancelConfirm;

/** Asks first: cancelling cannot be undone by one click. */
export function CancelWork({ open, onClose }: { readonly open: boolean; onClose: () => void }) {
  const id = useSessionId();
  const cancel = useAction("cancel");
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t.title}
      footer={
        <>
          <Button onClick={onClose}>{t.no}</Button>
          <Button
            variant="danger"
            busy={cancel.isPending}
            onClick={() => cancel.mutate({ target: "session", id }, { onSuccess: onClose })}
          >
            {t.yes}
          </Button>
        </>
      }
    >
      <p className="text-ink-soft">{t.hint}</p>
    </Dialog>
  );
}
