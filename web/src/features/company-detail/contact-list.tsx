import { AtSign, Ban, Phone, UserRound } from "lucide-react";
import { Badge, type Tone } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { ExternalLink } from "../../components/external-link.tsx";
import { useAction } from "../../lib/api/use-action.ts";
import type { RowOf } from "../../lib/rows.ts";
import { companyTexts as t } from "../../lib/texts/company.ts";
import { showToast } from "../../lib/toasts.ts";
import { Provenance } from "./provenance.tsx";

type Contact = RowOf<"contacts">;
const icons = { person: UserRound, email: AtSign, phone: Phone };
const tones: Record<string, Tone> = { verified: "good", found: "plain", guessed: "warn" };

export function ContactList({ contacts }: { readonly contacts: readonly Contact[] }) {
  if (contacts.length === 0) return <p className="text-ink-soft">{t.noContacts}</p>;
  return (
    <ul className="divide-y divide-line rounded-lg border border-line">
      {contacts.map((contact) => (
        <ContactItem key={contact.id} contact={contact} />
      ))}
    </ul>
  );
}

function ContactItem({ contact }: { readonly contact: Contact }) {
  const Icon = Object.entries(icons).find(([kind]) => kind === contact.kind)?.[1] ?? UserRound;
  const suppress = useAction("suppress", { onSuccess: () => void showToast(t.suppressed) });
  return (
    <li className="flex gap-2.5 px-3 py-2">
      <Icon
        aria-label={t.kind[contact.kind]}
        size={15}
        className="mt-0.5 shrink-0 text-ink-faint"
      />
      <div className="min-w-0 flex-1">
        {contact.full_name ? (
          <p className="font-medium">
            {contact.full_name}
            {contact.role ? (
              <span className="font-normal text-ink-soft">, {contact.role}</span>
            ) : null}
          </p>
        ) : null}
        {contact.email ? (
          <p className="flex flex-wrap items-center gap-2">
            <span className="break-all">{contact.email}</span>
            {contact.email_status ? (
              <Badge tone={tones[contact.email_status] ?? "plain"}>
                {t.email[contact.email_status]}
              </Badge>
            ) : null}
          </p>
        ) : null}
        {contact.phone ? <p>{contact.phone}</p> : null}
        {contact.linkedin_url ? (
          <p>
            <ExternalLink href={contact.linkedin_url}>LinkedIn</ExternalLink>
          </p>
        ) : null}
        <Provenance value={contact} />
      </div>
      {contact.email ? (
        <Button
          variant="ghost"
          dense="sm"
          icon
          aria-label={`${t.suppress}: ${contact.email}`}
          busy={suppress.isPending}
          onClick={() => suppress.mutate({ emails: [contact.email ?? ""] })}
        >
          <Ban aria-hidden="true" size={14} />
        </Button>
      ) : null}
    </li>
  );
}
