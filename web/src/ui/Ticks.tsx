import { Check, CheckCheck, CircleHelp, Clock, X } from "lucide-react";
import type { MessageStatus } from "@/graphql/generated/graphql";

/** Shows the delivery status of a message. */
export type Tick = "clock" | "one" | "two" | "two-read" | "failed" | "unknown";

export function tick(status: MessageStatus): Tick {
  switch (status) {
    case "QUEUED":
      return "clock";
    case "ACCEPTED":
    case "SENT":
      return "one";
    case "DELIVERED":
      return "two";
    case "READ":
      return "two-read";
    case "FAILED":
      return "failed";
    case "UNKNOWN":
      return "unknown";
  }
}

const size = 14;

export function Ticks({ status, label }: { status: MessageStatus; label: string }) {
  const drawing = tick(status);
  return (
    <span role="img" aria-label={label} data-tick={drawing} className="inline-grid place-items-center">
      {drawing === "clock" && <Clock size={12} />}
      {drawing === "one" && <Check size={size} />}
      {drawing === "two" && <CheckCheck size={size} />}
      {drawing === "two-read" && <CheckCheck size={size} className="text-read" />}
      {drawing === "failed" && <X size={size} strokeWidth={3} className="text-danger" />}
      {drawing === "unknown" && <CircleHelp size={size} className="text-warn" />}
    </span>
  );
}
