import type { Sql } from "postgres";
import { LEADS_A_CHUNK, type LeadToAddress, writeLines } from "../campaigns/llm.ts";
import { lineByRules } from "../campaigns/personal-line.ts";
import type { Values } from "../campaigns/template.ts";
import type { JsonObject, WorkItem } from "../queue/queue.ts";
import type { VendorSettings } from "../vendors/vendor-api.ts";
import { loadCampaign } from "./campaign-task.ts";
import type { Handler } from "./handler.ts";

/** Leads that one step by rules writes: as much as one transaction should. */
const LEADS_A_STEP = 1000;

export interface PersonaliseSettings {
  sql: Sql;
  llm: VendorSettings;
  model: string | undefined;
  /** Leads that the model is asked about in one preparation, which the operator pays for. */
  maxByModel: number;
}

interface Lead {
  readonly id: string;
  readonly said: Values;
}

/**
 * Personal lines, chunk by chunk: each step's leads are the next without a line, so that a step that comes again does not
 * ask twice for what is there. A lead the model left out is asked for alone once more, then falls back to the rules, as
 * do all beyond `maxByModel`.
 */
export function createPersonaliseHandler(settings: PersonaliseSettings): Handler {
  const { sql, llm, model, maxByModel } = settings;
  return {
    kind: "personalise",
    async run(item, { signal, log, progress }) {
      const { campaign, texts } = await loadCampaign(sql, item);
      const asked = Number(checkpointOf(item).asked ?? 0);
      const wantsModel = item.payload.method === "llm";
      const byModel = wantsModel && asked < maxByModel;
      const limit = byModel ? LEADS_A_CHUNK : LEADS_A_STEP;
      const leads = await nextLeads(sql, campaign.id, limit);
      const done = campaign.leads_ready + campaign.leads_sent;
      progress({ step: `personal lines ${done + leads.length}/${campaign.leads_total}` });
      const written = byModel
        ? await askModel({ llm, model }, texts.personal_line, leads, signal)
        : new Map<string, string>();
      if (byModel && written.size < leads.length) {
        log(
          "warning",
          `The model left out ${leads.length - written.size} of ${leads.length} leads; their lines come from the rules.`,
        );
      }
      // A prompt is no rule: without the model's line the built-in rules speak.
      const rules = wantsModel ? "" : texts.personal_line;
      const effect = {
        leads: leads.map(({ id, said }) =>
          lineEffect(id, written.get(id) ?? lineByRules(rules, said)),
        ),
        progress: {
          step: "personal lines",
          done: done + leads.length,
          total: campaign.leads_total,
        },
      };
      if (leads.length < limit) return { effect };
      const next = byModel ? asked + leads.length : asked;
      if (byModel && next >= maxByModel && campaign.leads_total > done + leads.length) {
        log(
          "warning",
          `The model writes ${maxByModel} lines a preparation; the others come from the rules.`,
        );
      }
      return { effect, next: { checkpoint: { asked: next } } };
    },
  };
}

const checkpointOf = ({ payload: { checkpoint } }: WorkItem): JsonObject =>
  typeof checkpoint === "object" && checkpoint !== null && !Array.isArray(checkpoint)
    ? checkpoint
    : {};

const lineEffect = (id: string, line: string | null): JsonObject =>
  line === null
    ? { id, error_code: "no_line", message: "None of the rules can be said in full of this lead." }
    : { id, personal_line: line };

async function nextLeads(sql: Sql, campaignId: string, limit: number): Promise<Lead[]> {
  const rows = await sql<Record<string, string | number | null | Record<string, string>>[]>`
    select * from otis.leads_to_personalise(${campaignId}, ${limit})`;
  return rows.map(({ id, position: _position, variables, full_name, ...facts }) => {
    const [first = "", ...rest] = String(full_name ?? "").split(" ");
    const plain = Object.entries(facts).map(([name, value]) => [
      name,
      value === null ? null : String(value),
    ]);
    const imported = typeof variables === "object" ? variables : {};
    return {
      id: String(id),
      said: {
        ...imported,
        ...Object.fromEntries(plain),
        full_name: full_name === null ? null : String(full_name),
        first_name: first,
        last_name: rest.join(" "),
      },
    };
  });
}

async function askModel(
  { llm, model }: Pick<PersonaliseSettings, "llm" | "model">,
  instruction: string,
  leads: readonly Lead[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  if (leads.length === 0) return new Map();
  const asked: LeadToAddress[] = leads.map(({ id, said }) => ({ id, values: said }));
  const lines = await writeLines(llm, model, instruction, asked, signal);
  const left = asked.filter(({ id }) => !lines.has(id));
  if (left.length === 0 || left.length === asked.length) return lines;
  return new Map([...lines, ...(await writeLines(llm, model, instruction, left, signal))]);
}
