import { useState } from "react";
import { inputClass } from "./field.tsx";

interface Props {
  readonly name: string;
  readonly label: string;
  /** The new name, or null when nothing is to change. */
  readonly onEnd: (name: string | null) => void;
}

function takeFocus(input: HTMLInputElement | null) {
  input?.focus();
  input?.select();
}

/** Enter and leaving the field save, Escape does not. */
export function RenameForm({ name, label, onEnd }: Props) {
  const [text, setText] = useState(name);
  const end = () => {
    const next = text.trim();
    onEnd(next && next !== name ? next : null);
  };
  return (
    <form
      className="relative z-10"
      onSubmit={(event) => {
        event.preventDefault();
        end();
      }}
    >
      <input
        ref={takeFocus}
        aria-label={label}
        maxLength={120}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={end}
        onKeyDown={(event) => (event.key === "Escape" ? onEnd(null) : undefined)}
        className={`${inputClass} max-w-90`}
      />
    </form>
  );
}
