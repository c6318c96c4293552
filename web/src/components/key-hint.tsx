/** A key one may press. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-sm border border-line bg-sunken px-1 font-sans text-2xs text-ink-faint">
      {keys}
    </kbd>
  );
}
