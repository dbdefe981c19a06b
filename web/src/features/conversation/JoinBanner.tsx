import { Link } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { InteractionFieldsFragment } from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { Button } from "@/ui/Button";

const Separate = graphql(`
  mutation Separate($input: InteractionInput!) {
    separateInteraction(input: $input) {
      interaction {
        ...InteractionFields
        id
      }
    }
  }
`);

const line = "flex shrink-0 items-center gap-2.5 border-line border-b bg-sunken py-1.5 ps-4 pe-2 text-muted";

/** Says that the conversation was joined with another one of the same customer, or continues there and why. */
export function JoinBanner({ interaction: i }: { interaction: InteractionFieldsFragment }) {
  const { t } = useTranslation();
  const me = useMe()?.user.id;
  const separate = useCommand(Separate);
  const join = i.joinedInto;
  const last = i.joined.at(-1);
  if (!join && !last) return null;
  const text = () => {
    if (!join) return t("joining.joined", { count: i.joined.length });
    const name = join.keeper?.name;
    if (!name) return t("joining.intoWaiting");
    if (i.owner?.id === me && me !== join.keeper?.id) return t(`joining.lost.${join.reason}`, { name });
    return t("joining.into", { name });
  };
  return (
    <div role="status" className={line}>
      <Merge size={14} className="shrink-0" />
      <span className="min-w-0 flex-1">{text()}</span>
      {join?.interaction && (
        <Link to="/interactions/$id" params={{ id: join.interaction.id }} className="shrink-0 underline">
          {t("joining.open")}
        </Link>
      )}
      {i.actions.includes("SEPARATE") && (
        <Button size="sm" onClick={() => void separate({ interactionId: join || !last ? i.id : last })}>
          {t("joining.separate")}
        </Button>
      )}
    </div>
  );
}
