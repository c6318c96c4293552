import { render, unknownVariables, type Values, variablesOf } from "../campaigns/template.ts";
import { OtisError } from "../contract/errors.ts";
import type { Runs } from "./run.ts";

interface Texts {
  readonly subject: string;
  readonly body: string;
}

/** Subject and body as real leads would read them, with what OTIS does not know in them. */
export const campaignRuns: Runs<"preview_campaign"> = {
  preview_campaign: async ({ campaign_id, texts, limit }, { transaction }) => {
    const [saved] = await transaction<Texts[]>`
      select subject, body from public.campaign_texts where campaign_id = ${campaign_id}`;
    if (!saved) throw new OtisError("not_found", "There is no such campaign, or it is not yours.");
    const subject = texts?.subject ?? saved.subject;
    const body = texts?.body ?? saved.body;
    const leads = await transaction<{ lead_id: string; email: string | null; said: Values }[]>`
      select lead_id, email, said from public.lead_values(${campaign_id}, null, ${limit})`;
    return {
      previews: leads.map(({ lead_id, email, said }) => ({
        lead_id,
        email,
        subject: render(subject, said),
        body: render(body, withEdited(said, texts?.unsubscribe_text)),
      })),
      unknown_variables: unknownVariables(
        `${subject}\n${body}`,
        variablesOf(`${subject}\n${body}`).filter((name) => leads.some(({ said }) => name in said)),
      ),
    };
  },
};

const withEdited = (said: Values, unsubscribe: string | undefined): Values =>
  unsubscribe === undefined ? said : { ...said, unsubscribe_text: unsubscribe };
