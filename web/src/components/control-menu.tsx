import { ChevronsUp, Ellipsis, Pause, Play, RotateCcw, Square } from "lucide-react";
import { common } from "../lib/texts/common.ts";
import { Button } from "./button.tsx";
import { Menu, MenuItem } from "./menu.tsx";

const steps = [
  { name: "pause", icon: Pause },
  { name: "resume", icon: Play },
  { name: "first", icon: ChevronsUp },
  { name: "retry", icon: RotateCcw },
  { name: "cancel", icon: Square },
] as const;

export type Step = (typeof steps)[number]["name"];

interface Props {
  /** What the actions are for. */
  readonly label: string;
  /** What can be done now; nothing: no menu. */
  readonly can: Readonly<Partial<Record<Step, boolean>>>;
  readonly controls: Readonly<Record<Step, () => void>>;
  readonly texts?: Partial<Record<Step, string>>;
}

/** What can be done with something that runs, waits or failed. */
export function ControlMenu({ label, can, controls, texts = {} }: Props) {
  const possible = steps.filter(({ name }) => can[name]);
  if (possible.length === 0) return null;
  return (
    <Menu
      trigger={
        <Button variant="ghost" dense="sm" icon aria-label={label}>
          <Ellipsis aria-hidden="true" size={15} />
        </Button>
      }
    >
      {possible.map(({ name, icon }) => (
        <MenuItem key={name} icon={icon} danger={name === "cancel"} onSelect={controls[name]}>
          {texts[name] ?? common.control[name]}
        </MenuItem>
      ))}
    </Menu>
  );
}
