import { render, unknownVariables, type Values } from "../campaigns/template.ts";
import { OtisError } from "../contract/errors.ts";
import { type ActionContext, callSql, type Runs } from "./run.ts";

interface Texts {
  readonly subject: string;
  readonly body: string;
  readonly personal_line: string;
}

/** Subject and body as real leads would read them; nothing is prepared or sent with a variable that OTIS does not know. */
export const campaignRuns: Runs<"preview_campaign" | "prepare_campaign" | "push_campaign"> = {
  preview_campaign: async ({ campaign_id, texts, limit }, context) => {
    const { transaction } = context;
    const saved = await readTexts(campaign_id, context);
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
      unknown_variables: await findUnknown(`${subject}\n${body}`, campaign_id, context),
    };
  },
  prepare_campaign: async (data, context) => {
    const texts = await readTexts(data.campaign_id, context);
    // A prompt is free text; only a rule's variables have to be known.
    const rules = data.method === "rules" ? texts?.personal_line : "";
    await refuseUnknown(`${textOf(texts)}\n${rules}`, data.campaign_id, context);
    return callSql(context, "prepare_campaign", data);
  },
  push_campaign: async (data, context) => {
    const texts = await readTexts(data.campaign_id, context);
    await refuseUnknown(textOf(texts), data.campaign_id, context);
    return callSql(context, "push_campaign", data);
  },
};

/** Undefined for a campaign that is not the caller's. */
async function readTexts(
  campaignId: string,
  { transaction }: ActionContext,
): Promise<Texts | undefined> {
  const [texts] = await transaction<Texts[]>`
    select subject, body, personal_line from public.campaign_texts where campaign_id = ${campaignId}`;
  return texts;
}

const textOf = (texts: Texts | undefined) => `${texts?.subject ?? ""}\n${texts?.body ?? ""}`;

/** Throws unknown_variable with the names. */
async function refuseUnknown(
  text: string,
  campaignId: string,
  context: ActionContext,
): Promise<void> {
  const variables = await findUnknown(text, campaignId, context);
  if (variables.length === 0) return;
  const list = variables.map((name) => `{{${name}}}`).join(", ");
  throw new OtisError(
    "unknown_variable",
    `The texts use ${list}, which OTIS does not know. Correct them; nothing was started.`,
    { details: { variables } },
  );
}

/** The variables of a text that are neither OTIS's own nor columns of an imported list. */
async function findUnknown(
  text: string,
  campaignId: string,
  { transaction }: ActionContext,
): Promise<string[]> {
  const unknown = unknownVariables(text);
  if (unknown.length === 0) return [];
  const columns = await transaction<{ name: string }[]>`
    select x.name from unnest(${unknown}::text[]) as x (name)
    where exists (select from public.campaign_leads l
      where l.campaign_id = ${campaignId} and l.variables ? x.name)`;
  return unknown.filter((name) => !columns.some((column) => column.name === name));
}

const withEdited = (said: Values, unsubscribe: string | undefined): Values =>
  unsubscribe === undefined ? said : { ...said, unsubscribe_text: unsubscribe };
