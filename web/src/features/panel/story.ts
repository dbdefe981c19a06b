import type { TFunction } from "i18next";
import type { PanelStoryQuery } from "@/graphql/generated/graphql";

export type Step = NonNullable<PanelStoryQuery["interaction"]>["timeline"][number];

/** The steps that have words of their own. */
const known = [
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
  "SPIED",
  "CONTACT_LINKED",
  "MESSAGE_FAILED",
  "MESSAGE_OUTCOME_UNKNOWN",
  "MEDIA_FAILED",
] as const;

const reasons = [
  "EXPIRED",
  "CANCELLED",
  "REFUSED",
  "VOIDED",
  "ALL_REJECTED",
  "NOBODY_ONLINE",
  "INTERACTION_MOVED_ON",
  "TRANSFER_ENDED",
  "MARKED",
  "SUPERVISOR",
  "OWNER_GONE",
  "OWNER_SILENT",
  "OWNER_SIGNED_OUT",
] as const;

function inPlainLetters(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}

/** A reason or an outcome in words; one without words of its own is still said, in plain letters. */
export function reasonWords(code: string, t: TFunction): string {
  const found = reasons.find((r) => r === code);
  return found ? t(`story.reasons.${found}`) : inPlainLetters(code);
}

/** Why a step came about, where its words do not say so; how the session was opened goes without saying. */
export function reason(step: Step, t: TFunction): string | null {
  if (!step.reason || step.code === "OPENED" || step.code === "TRANSFER_ENDED") return null;
  return reasonWords(step.reason, t);
}

/** A step in words; a code without words of its own is still said, in plain letters. */
export function words(step: Step, t: TFunction): string {
  const code = known.find((k) => k === step.code);
  const name = step.by?.name ?? t("common.system");
  const agents = step.agents.map((a) => a.name).join(", ") || step.queue?.name || t("common.nobody");
  if (code) return t(`story.${code}`, { name, agents, reason: step.reason ? reasonWords(step.reason, t) : "" });
  const plain = inPlainLetters(step.code);
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (step.by ? ` ${t("story.by", { name })}` : "");
}

/**
 * The steps as one tells them. An interaction and its transfer both record how the transfer went, so the same would be said
 * twice: a transfer that came back is one line, with whom it had gone to and why.
 */
export function told(steps: readonly Step[]): Step[] {
  let asked: Step | undefined;
  let why: string | null = null;
  const out: Step[] = [];
  for (const s of steps) {
    switch (s.code) {
      case "TRANSFER_REQUESTED":
        asked = s;
        why = null;
        out.push(s);
        break;
      case "TRANSFER_REFUSED":
      case "TRANSFER_VOIDED":
        why = s.reason;
        break;
      case "TRANSFER_OFFERED":
        if (s.queue && s.agents.length > 0) out.push(s); // to an agent: that was asked for already
        break;
      case "TRANSFER_ENDED": {
        const reason = s.reason === "REFUSED" && why ? why : s.reason;
        out.push({ ...s, reason, agents: asked?.agents ?? [], queue: asked?.queue ?? null });
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
