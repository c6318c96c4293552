import { failureText } from "./texts/failure-text.ts";

/** Sonner arrives with the first toast: nobody waits for it who needs none. */
const load = () => import("../components/toaster.tsx");

/** How long something may be taken back (ms). */
const UNDO_MS = 8_000;

export async function showToast(message: string, action?: { label: string; run: () => void }) {
  (await load()).toast(
    message,
    action ? { duration: UNDO_MS, action: { label: action.label, onClick: action.run } } : {},
  );
}

export async function showFailure(error: unknown) {
  const { title, hint } = failureText(error);
  (await load()).toast.error(title, hint ? { description: hint } : {});
}
