import { useState } from "react";
import { Segments } from "../../components/segments.tsx";
import { settingsTexts } from "../../lib/texts/settings.ts";

const t = settingsTexts.appearance;
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
/** Read by the script in index.html before the first paint. */
const KEY = "otis.theme";

export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(
    () => THEMES.find((value) => value === localStorage.getItem(KEY)) ?? "system",
  );
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === "system") {
      localStorage.removeItem(KEY);
      delete document.documentElement.dataset.theme;
    } else {
      localStorage.setItem(KEY, next);
      document.documentElement.dataset.theme = next;
    }
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 px-4 py-3">
      <span>{t.theme}</span>
      <Segments
        label={t.theme}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t.themes[value] }))}
        onChange={choose}
      />
    </div>
  );
}
