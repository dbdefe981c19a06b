// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { startLanguage } from "@/i18n";
import { VoicePlayer } from "./VoicePlayer";

const patience = 60_000; // a busy machine needs long to load and draw
vi.setConfig({ testTimeout: patience });
beforeAll(() => startLanguage(), patience);
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** Shows a voice message and returns the element that plays it. */
function show(): HTMLAudioElement {
  const { container } = render(<VoicePlayer url="/files/voice.ogg" label="Voice message" peaks={async () => null} />);
  const audio = container.querySelector("audio");
  if (!audio) throw new Error("there is no player");
  return audio;
}

/** Presses play in a browser that refuses for this reason. */
function pressPlay(reason: string): void {
  vi.spyOn(HTMLMediaElement.prototype, "play").mockRejectedValue(new DOMException("no", reason));
  show();
  fireEvent.click(screen.getByRole("button", { name: "Play: Voice message" }));
}

async function expectDownload(): Promise<void> {
  expect((await screen.findByRole("alert")).textContent).toContain("Voice message: your browser can't play it");
  const link = screen.getByRole("link", { name: "Download" });
  expect(link.getAttribute("href")).toBe("/files/voice.ogg");
  expect(link.hasAttribute("download")).toBe(true);
  expect(screen.queryByRole("button")).toBeNull();
}

test("a voice message that the browser cannot read is offered as a file", async () => {
  fireEvent.error(show());
  await expectDownload();
});

test("a voice message that the browser cannot play is offered as a file when someone presses play", async () => {
  pressPlay("NotSupportedError");
  await expectDownload();
});

test("a voice message that the browser will not play just now keeps its button", async () => {
  pressPlay("NotAllowedError");
  await act(async () => undefined);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("button", { name: "Play: Voice message" })).toBeTruthy();
});
