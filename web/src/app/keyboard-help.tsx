import { Dialog } from "../components/dialog.tsx";
import { KeyHint } from "../components/key-hint.tsx";
import { commandTexts as t } from "../lib/texts/commands.ts";

export default function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title={t.helpTitle}>
      <div className="flex flex-col gap-5">
        {t.groups.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 text-xs font-medium text-ink-faint">{title}</h3>
            <dl className="grid grid-cols-[1fr_auto] gap-y-1.5">
              {keys.map(([key, what]) => (
                <div key={key} className="contents">
                  <dt>{what}</dt>
                  <dd className="text-right">
                    <KeyHint keys={key} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
