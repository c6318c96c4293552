import { ArrowUp, Plus, X } from "lucide-react";
import { PROVIDERS } from "../../../../functions/_shared/contract/workflow.ts";
import { Button } from "../../components/button.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { enrichmentTexts } from "../../lib/texts/enrichment.ts";
import type { Waterfall } from "./api/forecast-enrichment.ts";

const t = enrichmentTexts.dialog;
const CONDITIONS = ["always", "no_email", "no_phone", "no_person"] as const;
type Step = Waterfall[number];

interface Props {
  readonly waterfall: Waterfall;
  readonly onChange: (waterfall: Waterfall) => void;
}

export function WaterfallEditor({ waterfall, onChange }: Props) {
  const unused = PROVIDERS.filter((name) => waterfall.every(({ provider }) => provider !== name));
  const change = (at: number, part: Partial<Step>) =>
    onChange(waterfall.map((step, index) => (index === at ? { ...step, ...part } : step)));
  return (
    <div className="flex flex-col gap-2">
      <ol className="flex flex-col gap-2">
        {waterfall.map((step, at) => (
          <StepItem
            key={step.provider}
            step={step}
            onChange={(part) => change(at, part)}
            onRemove={() => onChange(waterfall.filter((_, index) => index !== at))}
            onEarlier={at === 0 ? null : () => onChange(swap(waterfall, at - 1))}
          />
        ))}
      </ol>
      {unused.map((provider) => (
        <Button
          key={provider}
          className="self-start"
          onClick={() => onChange([...waterfall, { provider, when: "no_email" }])}
        >
          <Plus aria-hidden="true" size={14} />
          {t.add(t.providers[provider] ?? provider)}
        </Button>
      ))}
    </div>
  );
}

function swap(steps: Waterfall, at: number): Waterfall {
  const [a, b] = [steps[at], steps[at + 1]];
  return a && b ? [...steps.slice(0, at), b, a, ...steps.slice(at + 2)] : steps;
}

function StepItem({
  step,
  onChange,
  onRemove,
  onEarlier,
}: {
  readonly step: Step;
  readonly onChange: (part: Partial<Step>) => void;
  readonly onRemove: () => void;
  readonly onEarlier: (() => void) | null;
}) {
  const name = t.providers[step.provider] ?? step.provider;
  return (
    <li className="rounded-lg border border-line p-3">
      <div className="mb-2 flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{name}</p>
          <p className="text-xs text-ink-faint">{t.providerHint[step.provider]}</p>
        </div>
        {onEarlier ? (
          <Button variant="ghost" dense="sm" icon aria-label={t.earlier(name)} onClick={onEarlier}>
            <ArrowUp aria-hidden="true" size={14} />
          </Button>
        ) : null}
        <Button variant="ghost" dense="sm" icon aria-label={t.remove(name)} onClick={onRemove}>
          <X aria-hidden="true" size={14} />
        </Button>
      </div>
      <div className="flex flex-wrap gap-3">
        <SelectField
          label={t.when}
          value={step.when ?? "always"}
          className="min-w-44 flex-1"
          onChange={(event) =>
            onChange({ when: CONDITIONS.find((c) => c === event.target.value) ?? "always" })
          }
        >
          {CONDITIONS.map((condition) => (
            <option key={condition} value={condition}>
              {t.whens[condition]}
            </option>
          ))}
        </SelectField>
        {step.provider === "website" ? null : (
          <TextField
            label={t.maxCost}
            type="number"
            min={0}
            inputMode="decimal"
            className="w-36"
            value={step.max_cost ?? ""}
            onChange={({ target }) => onChange(limit(target.value))}
          />
        )}
      </div>
    </li>
  );
}

/** An empty field sets no limit; `undefined` takes an earlier one away. */
function limit(text: string): Partial<Step> {
  const value = Number.parseFloat(text);
  return { max_cost: Number.isNaN(value) ? undefined : value };
}
