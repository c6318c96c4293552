import { failureText } from "./texts/failure-text.ts";

/** Sonner arrives with the first toast: nobody waits for it who needs none. */
const load = () => import("../components/toaster.tsx");

export async function showToast(message: string, action?: { label: string; run: () => void }) {
  (await load()).toast(
    message,
    action ? { action: { label: action.label, onClick: action.run } } : {},
  );
}

export async function showFailure(error: unknown) {
  const { title, hint } = failureText(error);
  (await load()).toast.error(title, hint ? { description: hint } : {});
}
