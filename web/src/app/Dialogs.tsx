import { CloseDialog } from "@/features/closing/CloseDialog";
import { AssignDialog } from "@/features/transfers/AssignDialog";
import { TransferDialog } from "@/features/transfers/TransferDialog";
import { openDialog, useOpenDialog } from "@/lib/dialogs";
import { useGoAfterClose } from "./afterClose";

/** Shows the dialog that was opened with `openDialog`. */
export function Dialogs() {
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
  }
}
