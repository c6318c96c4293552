import { Search } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { inputClass } from "./field.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
}

/** Reports at rest only: 200 ms after the last key. `/` focuses the page's first one. */
export function SearchField({ label, value, onChange, className = "w-56", inputRef }: Props) {
  const [text, setText] = useState(value);
  const [settled, setSettled] = useState(value);
  if (value !== settled) {
    setSettled(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 200);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className={`relative ${className}`}>
      <Search
        aria-hidden="true"
        size={14}
        className="pointer-events-none absolute top-2.25 left-2.5 text-ink-faint"
      />
      <input
        ref={inputRef}
        type="search"
        data-search
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={`${inputClass} pl-8 [&::-webkit-search-cancel-button]:hidden`}
      />
    </div>
  );
}
