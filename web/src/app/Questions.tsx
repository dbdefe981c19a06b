import { CloseDialog } from "@/features/closing/CloseDialog";
import { AssignDialog } from "@/features/transfers/AssignDialog";
import { TransferDialog } from "@/features/transfers/TransferDialog";
import { ask, useQuestion } from "@/lib/ask";
import { useGoAfterClose } from "./next";

/** Shows the question that was asked, whoever asked it. */
export function Questions() {
  const question = useQuestion();
  const after = useGoAfterClose();
  const done = () => ask(null);
  if (!question) return null;
  switch (question.what) {
    case "close":
      return (
        <CloseDialog
          key={question.id}
          id={question.id}
          next={question.next ?? false}
          onDone={done}
          onClosed={(next) => after(question.id, next)}
        />
      );
    case "dispose":
      return (
        <CloseDialog key={question.id} id={question.id} dispose next={false} onDone={done} onClosed={() => undefined} />
      );
    case "transfer":
      return <TransferDialog key={question.id} id={question.id} onDone={done} />;
    case "assign":
      return <AssignDialog key={question.id} id={question.id} onDone={done} />;
  }
}
