import { offline, type Problem, refusalWords } from "@/graphql/errors";
import { isRecording } from "./recorder";

export type Upload = { id: string; problem: null } | { id: null; problem: Problem };

/** What a file is uploaded for: a message of an interaction, or a canned answer. */
export type Target = { interactionId: string } | { for: "cannedAnswer" };

/** Uploads one file and reports progress. Stops when the signal aborts. */
export function upload(
  file: File,
  target: Target,
  progress: (part: number) => void,
  signal?: AbortSignal,
): Promise<Upload> {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const away = () => done({ id: null, problem: offline() });
    request.open("POST", `/attachments?${new URLSearchParams(target)}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    if (isRecording(file)) request.setRequestHeader("X-Voice", "true");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.upload.onprogress = (e) => {
      if (e.lengthComputable) progress(e.loaded / e.total);
    };
    request.onerror = away;
    request.onabort = away;
    request.onload = () => done(read(request.status, request.responseText));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** Parses the server's answer to an upload. */
export function read(status: number, body: string): Upload {
  let answer: { id?: unknown; message?: unknown; code?: unknown } = {};
  try {
    answer = JSON.parse(body) as typeof answer;
  } catch {
    // not JSON: the body is a plain message
  }
  if (status === 201 && typeof answer.id === "string") return { id: answer.id, problem: null };
  const code = typeof answer.code === "string" ? answer.code : `HTTP_${status}`;
  const message = refusalWords(code, typeof answer.message === "string" ? answer.message : body.trim());
  return { id: null, problem: { kind: status >= 500 ? "fault" : "refused", code, message, details: {} } };
}
