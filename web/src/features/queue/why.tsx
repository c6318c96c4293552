import { WhyWaiting } from "../../components/why-waiting.tsx";
import { useWhyWaiting } from "../../lib/api/why-waiting.ts";
import { queueTexts as t } from "../../lib/texts/queue.ts";

interface Props {
  readonly target: "run" | "batch" | "campaign" | "company";
  readonly id: string;
  readonly label: string;
}

/** Why this has not begun, when somebody asks. */
export function Why({ label, ...target }: Props) {
  return (
    <WhyWaiting label={t.why(label)}>
      <Answer {...target} />
    </WhyWaiting>
  );
}

const Answer = (target: Omit<Props, "label">) => useWhyWaiting(target);
