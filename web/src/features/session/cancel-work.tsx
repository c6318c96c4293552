import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { useAction } from "../../lib/api/use-action.ts";
import { sessionTexts } from "../../lib/texts/session.ts";
import { useSessionId } from "./use-session.ts";

const t = sessionTexts.cancelConfirm;

export function CancelWork({ open, onClose }: { readonly open: boolean; onClose: () => void }) {
  const id = useSessionId();
  const cancel = useAction("cancel");
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t.title}
      hint={t.hint}
      confirm={t.yes}
      danger
      onConfirm={() => cancel.mutate({ target: "session", id })}
    />
  );
}
