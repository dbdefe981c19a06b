import { useTranslation } from "react-i18next";
import { useCommand } from "@/graphql/command";
import { graphql } from "@/graphql/generated";
import type { MessageFieldsFragment } from "@/graphql/generated/graphql";
import { notify } from "@/lib/notices";

const AddNote = graphql(`
  mutation AddNote($input: NoteInput!) {
    addNote(input: $input) {
      message {
        ...MessageFields
        id
        interactionId
      }
    }
  }
`);
const AddWhisper = graphql(`
  mutation AddWhisper($input: NoteInput!) {
    addWhisper(input: $input) {
      message {
        ...MessageFields
        id
        interactionId
      }
    }
  }
`);
const RevokeNote = graphql(`
  mutation RevokeNote($input: RevokeNoteInput!) {
    revokeNote(input: $input) {
      message {
        ...MessageFields
      }
    }
  }
`);

/** Writes notes and whispers. */
export function useNotes() {
  const addNote = useCommand(AddNote);
  const addWhisper = useCommand(AddWhisper);
  return { note: addNote, whisper: addWhisper };
}

/** Deletes the user's own note or whisper. The undo writes it again. */
export function useRevokeNote(m: MessageFieldsFragment) {
  const { t } = useTranslation();
  const revoke = useCommand(RevokeNote);
  const notes = useNotes();
  return async () => {
    const { problem } = await revoke({ interactionId: m.interactionId, messageId: m.id });
    if (problem) return;
    const rewrite = m.author === "NOTE" ? notes.note : notes.whisper;
    notify({
      tone: "plain",
      text: t("conversation.revokedNote"),
      action: { label: t("common.undo"), run: () => void rewrite({ interactionId: m.interactionId, text: m.text }) },
    });
  };
}
