import { Paperclip, SendHorizontal, Slash, Smile } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  lazy,
  Suspense,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { readFragment } from "@/graphql/generated";
import type {
  DraftFieldsFragment,
  InteractionFieldsFragment,
  MessageFieldsFragment,
} from "@/graphql/generated/graphql";
import { useMe } from "@/graphql/me";
import { MessageFields } from "@/graphql/rows";
import { arrived } from "@/lib/accepted";
import { cn } from "@/lib/cn";
import { isComposing } from "@/lib/composition";
import { useKey } from "@/lib/useKey";
import { Button, IconButton } from "@/ui/Button";
import { Popover } from "@/ui/Popover";
import { type Answer, CannedPicker } from "./CannedPicker";
import { Attached, ModeBar, QuoteBar } from "./ComposerParts";
import { excess, insert, limitOf, type Mode, modesOf, pastesFiles } from "./compose";
import { nothing, useDraft } from "./useDraft";
import { type Account, useFiles } from "./useFiles";
import { useNotes } from "./useNotes";
import type { Draft } from "./usePending";
import { useTyping } from "./useTyping";
import { VoiceRecorder } from "./VoiceRecorder";

const EmojiPicker = lazy(() => import("./EmojiPicker").then((m) => ({ default: m.EmojiPicker })));

type Props = {
  interaction: InteractionFieldsFragment;
  account: Account;
  lastSeen: string | null;
  drafts: readonly DraftFieldsFragment[];
  messages: readonly MessageFieldsFragment[];
  /** A message that the agent has just chosen to reply to. */
  quoting: MessageFieldsFragment | null;
  onQuoted: () => void;
  onSend: (draft: Draft) => void;
};

const frame: Record<Mode, string> = {
  reply: "border-line-strong bg-surface focus-within:border-accent",
  note: "border-note-line border-dashed bg-note text-note-text",
  whisper: "border-whisper-line border-dashed bg-whisper text-whisper-text",
};

/** The text box. Its border and button show who the text is for, so that nobody mistakes a note for a reply. */
export function Composer({ interaction: i, account, lastSeen, onSend, ...props }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const mine = i.status === "OPEN" && me !== undefined && i.owner?.id === me.user.id;
  const expired = i.windowExpiresAt !== null && Date.parse(i.windowExpiresAt) < Date.now();
  const windowClosed = mine && (expired || !i.actions.includes("REPLY"));
  const modes = modesOf(i.actions, windowClosed);
  const [wanted, setMode] = useState<Mode>("reply");
  const mode = modes.includes(wanted) ? wanted : modes[0];
  const replying = mode === "reply";
  const stored = (part: DraftFieldsFragment["part"]) => {
    const draft = props.drafts.find((d) => d.part === part);
    return draft ? { text: draft.text, quotedId: readFragment(MessageFields, draft.quoted)?.id ?? null } : nothing;
  };
  const [reply, setReply] = useDraft(i.id, "REPLY", stored("REPLY"));
  const [note, setNote] = useDraft(i.id, "NOTE", stored("NOTE"));
  const [whisper, setWhisper] = useDraft(i.id, "WHISPER", stored("WHISPER"));
  const [adding, setAdding] = useState(false);
  const writing = { reply, note, whisper }[mode ?? "reply"];
  const setWriting = { reply: setReply, note: setNote, whisper: setWhisper }[mode ?? "reply"];
  const value = writing.text;
  const setValue = (text: string) => setWriting({ ...writing, text });
  const latest = useRef(writing);
  latest.current = writing;
  const quoted = useQuoted(reply.quotedId, props);
  const stopQuoting = () => setReply({ ...reply, quotedId: null });
  const files = useFiles(i.id, account);
  const [canned, setCanned] = useState(false);
  const [emoji, setEmoji] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const notes = useNotes();
  const signalTyping = useTyping(i.id);

  const focus = (to?: Mode) => {
    if (to) setMode(to);
    requestAnimationFrame(() => box.current?.focus());
  };
  useKey("reply", () => focus("reply"), modes.includes("reply"));
  useKey("note", () => focus("note"), modes.includes("note"));
  useKey(
    "canned",
    () => {
      setMode("reply"); // the picker keeps the focus
      setCanned(true);
    },
    modes.includes("reply"),
  );
  const canReply = modes.includes("reply") && !windowClosed;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when an accepted conversation is on the screen
  useLayoutEffect(() => {
    const typed = mine ? arrived(i.id) : null;
    if (typed === null || !canReply) return;
    setMode("reply");
    if (typed) setReply({ ...reply, text: reply.text + typed });
    box.current?.focus();
  }, [mine, i.id, canReply]);
  const { quoting, onQuoted } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: quoting a message means the agent wants to write
  useLayoutEffect(() => {
    if (!quoting) return;
    setReply({ ...reply, quotedId: quoting.id });
    onQuoted();
    focus("reply");
  }, [quoting]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows with its text
  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${Math.min(el.scrollHeight, 240)}px`;
  }, [value, mode]);

  if (!mode) return null;
  const withFile = replying && files.all.length > 0;
  const over = excess(value, withFile);
  const limit = limitOf(withFile);
  const attach = replying && i.actions.includes("ATTACH") && (account?.attachments ?? false);
  const ready = over === 0 && !adding && !files.fetching && (value.trim() !== "" || withFile);

  const attachFiles = (list: Iterable<File>) => {
    files.add(list);
    focus();
  };
  const submit = async () => {
    const words = value.trim();
    if (!ready) return;
    box.current?.focus(); // a click on Send took the focus, and letters that follow are text
    if (mode !== "reply") {
      // The text stays until the server has it, so that a failure or a reload loses nothing.
      setAdding(true);
      const { problem } = await notes[mode]({ interactionId: i.id, text: words });
      setAdding(false);
      if (!problem && latest.current.text.trim() === words) setWriting(nothing);
      return;
    }
    setWriting(nothing);
    const quote = quoted ? { id: quoted.id, text: quoted.text } : null;
    const [first, ...others] = files.all;
    onSend({ text: words, quoted: quote, file: first ?? null, seenThrough: lastSeen });
    for (const file of others) onSend({ text: "", quoted: null, file, seenThrough: null });
    files.clear();
  };
  const insertText = (inserted: string, replaceAll = false) => {
    const el = box.current;
    const next = replaceAll
      ? { text: inserted, caret: inserted.length }
      : insert(value, inserted, el?.selectionStart ?? value.length, el?.selectionEnd ?? value.length);
    setValue(next.text);
    requestAnimationFrame(() => {
      el?.focus();
      el?.setSelectionRange(next.caret, next.caret);
    });
  };
  const insertAnswer = (answer: Answer) => {
    insertText(answer.text, value === "");
    if (answer.media) void files.fetch(answer.media);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return;
    if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      void submit();
    } else if (e.key === "Escape") {
      if (quoted) stopQuoting();
      else box.current?.blur();
    } else if (e.key === "/" && value === "" && replying) {
      e.preventDefault();
      setCanned(true);
    }
  };
  const onPaste = (e: ClipboardEvent) => {
    if (replying && pastesFiles(e.clipboardData)) {
      e.preventDefault();
      attachFiles(e.clipboardData.files);
    }
  };
  const onDrop = (e: DragEvent) => {
    e.preventDefault(); // otherwise the browser opens the file and leaves the app
    if (replying) attachFiles(e.dataTransfer.files);
  };
  const name = i.customer.displayName;
  const label = replying
    ? t("composer.label", { name })
    : t(mode === "note" ? "composer.noteLabel" : "composer.whisperLabel");
  const placeholder = replying
    ? t("composer.placeholder")
    : mode === "note"
      ? t("composer.notePlaceholder")
      : t("composer.whisperPlaceholder", { name: i.owner?.name ?? "" });

  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        void submit();
      }}
      onDrop={onDrop}
      onDragOver={(e) => e.preventDefault()}
      className="shrink-0 border-line border-t px-4 pt-2 pb-3"
    >
      {modes.length > 1 && <ModeBar modes={modes} mode={mode} onMode={focus} />}
      {replying && windowClosed ? (
        <p className="rounded-lg bg-warn-soft px-3 py-2.5 text-warn">{t("conversation.windowClosed")}</p>
      ) : (
        <div data-mode={mode} className={cn("relative rounded-lg border transition-colors", frame[mode])}>
          {quoted && replying && (
            <QuoteBar
              name={quoted.author === "CUSTOMER" ? name : t("conversation.you")}
              text={quoted.text}
              onDone={stopQuoting}
            />
          )}
          {replying && <Attached files={files} onRemove={files.remove} />}
          <textarea
            ref={box}
            rows={1}
            value={value}
            aria-label={label}
            placeholder={placeholder}
            aria-invalid={over > 0 || undefined}
            onChange={(e) => {
              setValue(e.target.value);
              if (replying) signalTyping();
            }}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            className={cn(
              "block max-h-60 w-full resize-none bg-transparent px-3 pt-2.5 pb-1 outline-none",
              "placeholder:text-current placeholder:opacity-75",
            )}
          />
          <div className="flex items-center gap-0.5 px-1.5 pb-1.5">
            <Popover
              label={t("composer.emoji")}
              side="top"
              open={emoji}
              onOpenChange={setEmoji}
              trigger={
                <button
                  type="button"
                  aria-label={t("composer.emoji")}
                  className="grid size-8 place-items-center rounded-md opacity-80 hover:bg-hover hover:opacity-100"
                >
                  <Smile size={17} />
                </button>
              }
            >
              <Suspense fallback={<div className="h-72 w-80" />}>
                <EmojiPicker
                  onPick={(e) => {
                    setEmoji(false);
                    insertText(e);
                  }}
                />
              </Suspense>
            </Popover>
            {replying && (
              <CannedPicker interactionId={i.id} open={canned} onOpenChange={setCanned} onPick={insertAnswer}>
                <button
                  type="button"
                  aria-label={t("composer.canned")}
                  className="grid size-8 place-items-center rounded-md text-muted hover:bg-hover hover:text-text"
                >
                  <Slash size={16} />
                </button>
              </CannedPicker>
            )}
            {attach && (
              <>
                <IconButton label={t("composer.attach")} onClick={() => picker.current?.click()}>
                  <Paperclip size={16} />
                </IconButton>
                <VoiceRecorder onDone={(file) => onSend({ text: "", quoted: null, file, seenThrough: lastSeen })} />
                <input
                  ref={picker}
                  type="file"
                  multiple
                  hidden
                  onChange={(e) => {
                    attachFiles(e.target.files ?? []);
                    e.target.value = "";
                  }}
                />
              </>
            )}
            {replying && account?.attachments === false && (
              <span className="px-2 text-muted text-sm">{t("composer.filesOff")}</span>
            )}
            <span className="flex-1" />
            {over > 0 ? (
              <span role="alert" className="nums text-danger text-sm">
                {t("composer.tooLong", { count: over })}
              </span>
            ) : (
              value.length > limit - 400 && <span className="nums text-muted text-sm">{limit - value.length}</span>
            )}
            <Button
              type="submit"
              size="sm"
              tone={replying ? "primary" : mode}
              disabled={!ready}
              title={t("composer.hint")}
              className="ms-2"
            >
              {t(replying ? "composer.send" : mode === "note" ? "composer.addNote" : "composer.addWhisper")}
              {replying && <SendHorizontal size={13} className="rtl:-scale-x-100" />}
            </Button>
          </div>
        </div>
      )}
    </form>
  );
}

/** Returns the quoted message, which may be older than those loaded. */
function useQuoted(id: string | null, { drafts, messages, quoting }: Pick<Props, "drafts" | "messages" | "quoting">) {
  const found = useRef<MessageFieldsFragment | null>(null);
  if (found.current?.id !== id) found.current = null;
  if (!id || found.current) return found.current;
  const kept = readFragment(
    MessageFields,
    drafts.flatMap((d) => d.quoted ?? []),
  );
  found.current = [quoting, ...messages, ...kept].find((m) => m?.id === id) ?? null;
  return found.current;
}
