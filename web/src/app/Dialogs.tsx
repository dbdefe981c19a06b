import { useTranslation } from "react-i18next";
import { CloseDialog } from "@/features/closing/CloseDialog";
import { BrowserSessions } from "@/features/settings/BrowserSessions";
import { AssignDialog } from "@/features/transfers/AssignDialog";
import { TransferDialog } from "@/features/transfers/TransferDialog";
import { openDialog, useOpenDialog } from "@/lib/dialogs";
import { Dialog } from "@/ui/Dialog";
import { useGoAfterClose } from "./afterClose";

/** Shows the dialog that was opened with `openDialog`. */
export function Dialogs() {
  const { t } = useTranslation();
  const dialog = useOpenDialog();
  const after = useGoAfterClose();
  const done = () => openDialog(null);
  if (!dialog) return null;
  switch (dialog.kind) {
    case "close":
      return (
        <CloseDialog
          key={dialog.id}
          id={dialog.id}
          next={dialog.next ?? false}
          onDone={done}
          onClosed={(next) => after(dialog.id, next)}
        />
      );
    case "dispose":
      return (
        <CloseDialog key={dialog.id} id={dialog.id} dispose next={false} onDone={done} onClosed={() => undefined} />
      );
    case "transfer":
      return <TransferDialog key={dialog.id} id={dialog.id} onDone={done} />;
    case "assign":
      return <AssignDialog key={dialog.id} id={dialog.id} onDone={done} />;
    case "browsers":
      return (
        <Dialog open onOpenChange={(open) => !open && done()} title={t("browsers.title")}>
          <BrowserSessions />
        </Dialog>
      );
  }
}
