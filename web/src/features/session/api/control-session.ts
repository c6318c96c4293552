import { useAction } from "../../../lib/api/use-action.ts";

/** Pause, resume, cancel of everything a session does. */
export const usePause = () => useAction("pause");
export const useResume = () => useAction("resume");
export const useCancel = () => useAction("cancel");
export const useRename = () => useAction("rename_session");
