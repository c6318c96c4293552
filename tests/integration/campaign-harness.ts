/** For tests of campaigns: lists of leads, dropped as a file. */
import { randomUUID } from "node:crypto";
import { type JobUser, type MainJob, newSession, untilIdle } from "./main-job-harness.ts";

/** Largest piece of a file in bytes that is uploaded at once. */
const PIECE = 1_000_000;

/** Uploads a file in pieces, as the client does, and gives its id. */
export async function upload(user: JobUser, name: string, content: string): Promise<string> {
  const id = randomUUID();
  const bytes = Buffer.from(content);
  for (let seq = 0; seq === 0 || seq * PIECE < bytes.length; seq++) {
    const { error } = await user.client.rpc("append_upload", {
      p_upload_id: id,
      p_name: name,
      p_seq: seq,
      p_base64: bytes.subarray(seq * PIECE, (seq + 1) * PIECE).toString("base64"),
      p_last: (seq + 1) * PIECE >= bytes.length,
    });
    if (error) throw error;
  }
  return id;
}

export interface CampaignTexts {
  readonly subject?: string;
  readonly body?: string;
  readonly personal_line?: string;
  readonly unsubscribe_text?: string;
  readonly sender?: Record<string, string>;
}

/** A campaign in a session of its own with the leads of a CSV file. */
export async function importedCampaign(
  job: MainJob,
  user: JobUser,
  csv: string,
  texts: CampaignTexts,
  channel: "csv" | "instantly" = "csv",
) {
  const session_id = await newSession(user);
  const { campaign_id } = await user.call("create_campaign", {
    session_id,
    name: `Campaign ${randomUUID().slice(0, 8)}`,
    channel,
    texts,
  });
  const upload_id = await upload(user, "leads.csv", csv);
  await user.call("import_leads", { campaign_id, upload_id });
  await untilIdle(job, session_id);
  return { session_id, campaign_id };
}

/** The same, with a personal line for every lead. */
export async function preparedCampaign(...of: Parameters<typeof importedCampaign>) {
  const made = await importedCampaign(...of);
  await of[1].call("prepare_campaign", { campaign_id: made.campaign_id });
  await untilIdle(of[0], made.session_id);
  return made;
}

/** A list of `count` leads with an address each, three columns that OTIS knows and one that it does not. */
export function leadList(count: number, name = randomUUID().slice(0, 8)) {
  const emails = Array.from(
    { length: count },
    (_, n) => `lead${n}.${name}@company${n % 97}.example`,
  );
  const rows = emails.map(
    (email, n) => `${email},Ann Lee ${n},Company ${n % 97},${n % 2 ? n : ""}`,
  );
  return { emails, csv: ["email,name,company,Shoe size", ...rows].join("\n") };
}
