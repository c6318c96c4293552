import { Dialog } from "@base-ui/react/dialog";
import { type KeyboardEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { useCreateSession } from "../features/sessions/api/create-session.ts";
import { useSessions } from "../features/sessions/api/list-sessions.ts";
import { cx } from "../lib/class-names.ts";
import { commandTexts as t } from "../lib/texts/commands.ts";
import { sessionsTexts } from "../lib/texts/sessions.ts";
import { shellTexts } from "../lib/texts/shell.ts";

interface Command {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly run: () => void;
}

const MOST = 9;

/** Everything one can go to, found by a few letters. */
export default function CommandPalette({
  onClose,
  onHelp,
}: {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const commands = useCommands(onHelp).filter(({ label }) =>
    label.toLowerCase().includes(text.toLowerCase().trim()),
  );
  const shown = commands.slice(0, MOST);
  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + shown.length) % Math.max(1, shown.length));
    else if (event.key === "Enter") choose(shown[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Popup
          aria-label={t.title}
          className="fixed top-[15vh] left-1/2 z-50 w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 animate-appear rounded-xl bg-raised shadow-float outline-none"
        >
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={shown[at] ? `${list}${shown[at].id}` : undefined}
            aria-label={t.search}
            placeholder={t.search}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={press}
            className="h-12 w-full bg-transparent px-4 text-lg outline-none placeholder:text-ink-faint"
          />
          <div id={list} role="listbox" aria-label={t.title} className="border-t border-line p-1.5">
            {shown.map((command, index) => (
              <div
                key={command.id}
                id={list + command.id}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                onPointerMove={() => setAt(index)}
                onClick={() => choose(command)}
                onKeyDown={press}
                className={cx(
                  "flex h-9 cursor-default items-center gap-3 rounded-md px-3",
                  index === at && "bg-hover",
                )}
              >
                <span className="min-w-0 flex-1 truncate">{command.label}</span>
                <span className="text-xs text-ink-faint">{command.hint}</span>
              </div>
            ))}
            {shown.length === 0 ? <p className="px-3 py-2 text-ink-faint">{t.nothing}</p> : null}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useCommands(onHelp: () => void): Command[] {
  const [, go] = useLocation();
  const { create } = useCreateSession();
  const sessions = useSessions({ search: "", archived: false }).data?.pages.flat() ?? [];
  const pages = [
    ["/", shellTexts.sessions],
    ["/queue", shellTexts.queue],
    ["/insights", shellTexts.insights],
    ["/inbox", shellTexts.inbox],
    ["/settings", shellTexts.settings],
  ] as const;
  return [
    ...sessions.map(({ id, name, current_stage }) => ({
      id,
      label: name,
      hint: sessionsTexts.stage[current_stage] ?? "",
      run: () => go(`/s/${id}`),
    })),
    { id: "create", label: t.create, hint: t.sessions, run: create },
    ...pages.map(([href, label]) => ({ id: href, label, hint: t.pages, run: () => go(href) })),
    { id: "help", label: t.help, hint: "?", run: onHelp },
  ];
}
