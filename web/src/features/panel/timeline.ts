import type { TFunction } from "i18next";
import type { InteractionTimelineQuery } from "@/graphql/generated/graphql";
import { plainText, reasonText } from "@/lib/reasonText";

type Interaction = NonNullable<InteractionTimelineQuery["interaction"]>;
export type Step = Interaction["timeline"][number];

/** A step with the contact or the disposition it set, if known. */
export type NamedStep = Step & { contact?: string | undefined; disposition?: string | undefined };

/** The steps that have a translation. */
const translated = [
  "OPENED",
  "OFFERED",
  "OFFER_REJECTED",
  "OFFER_EXPIRED",
  "ACCEPTED",
  "ASSIGNED",
  "RELEASED",
  "TRANSFER_REQUESTED",
  "TRANSFER_ENDED",
  "OWNER_CHANGED",
  "CLOSED",
  "DISPOSED",
  "RETURNED_UNREAD",
  "TRANSFER_OFFERED",
  "TRANSFER_REJECTED",
  "MONITORED",
  "CONTACT_LINKED",
  "MESSAGE_FAILED",
  "MESSAGE_OUTCOME_UNKNOWN",
  "MESSAGE_SETTLED",
  "MEDIA_FAILED",
  "JOINED_INTO",
  "JOINED",
  "SEPARATED",
  "RESTORED",
] as const;

/** Returns the reason to add to a step, or null if its text already says it or it is obvious. */
export function stepReason(step: Step, t: TFunction): string | null {
  if (!step.reason || step.code === "OPENED" || step.code === "TRANSFER_ENDED") return null;
  return reasonText(step.reason, t);
}

/** Translates a step. Unknown codes are shown as plain text. */
export function stepText(step: NamedStep, t: TFunction): string {
  const code = translated.find((k) => k === step.code);
  const name = step.by?.name ?? t("common.system");
  const agents = step.agents.length > 0 ? step.agents.map((a) => a.name) : (step.queue?.name ?? t("common.nobody"));
  if (code === "CONTACT_LINKED" && step.contact) return t("timeline.CONTACT_LINKED_TO", { contact: step.contact });
  if (code === "DISPOSED" && step.disposition)
    return t("timeline.DISPOSED_AS", { name, disposition: step.disposition });
  if (code === "OPENED" && step.reason === "BEFORE") return t("timeline.OPENED_BEFORE");
  if (code === "OPENED" && step.reason === "HANDOVER") return t("timeline.OPENED_HANDOVER");
  if (code === "OFFER_EXPIRED" && step.agents.length === 0) return t("timeline.OFFER_LAPSED");
  if (code) return t(`timeline.${code}`, { name, agents, reason: step.reason ? reasonText(step.reason, t) : "" });
  const plain = plainText(step.code);
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (step.by ? ` ${t("timeline.by", { name })}` : "");
}

/**
 * Condenses the steps for display. A transfer is recorded twice, by the interaction and by the transfer itself, so these
 * steps are merged: an ended transfer is one line with its target and reason.
 */
export function condense(steps: readonly Step[]): Step[] {
  let request: Step | undefined;
  let refusal: string | null = null;
  const out: Step[] = [];
  for (const s of steps) {
    switch (s.code) {
      case "TRANSFER_REQUESTED":
        request = s;
        refusal = null;
        out.push(s);
        break;
      case "TRANSFER_REFUSED":
      case "TRANSFER_VOIDED":
        refusal = s.reason;
        break;
      case "TRANSFER_OFFERED":
        if (s.queue && s.agents.length > 0) out.push(s); // an offer to an agent repeats the request
        break;
      case "TRANSFER_ENDED": {
        const reason = s.reason === "REFUSED" && refusal ? refusal : s.reason;
        out.push({ ...s, reason, agents: request?.agents ?? [], queue: request?.queue ?? null });
        break;
      }
      case "TRANSFER_ACCEPTED":
        break;
      case "RETURNED_UNREAD":
        if (s.reason !== "TRANSFER_ENDED") out.push(s);
        break;
      default:
        out.push(s);
    }
  }
  return out;
}

/**
 * Adds the current contact and disposition to the last step that set each. Which ones earlier steps set is not known.
 */
export function withNames(steps: readonly Step[], i: Pick<Interaction, "contact" | "disposition">): NamedStep[] {
  const linked = steps.findLast((s) => s.code === "CONTACT_LINKED");
  const disposed = steps.findLast((s) => s.code === "DISPOSED");
  return steps.map((s) => ({
    ...s,
    contact: s === linked ? i.contact?.displayName : undefined,
    disposition: s === disposed ? i.disposition.join(" › ") : undefined,
  }));
}
