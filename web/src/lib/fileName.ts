/** Characters that are not shown or that turn the writing direction, with which a name can pretend another end. */
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;

const maxExtension = 12;

/** Returns a file's name as it may be shown: without hidden characters and without gaps that push its end out of sight. */
export function honestName(name: string): string {
  return name.replace(hidden, "").replace(/\s+/g, " ").trim();
}

/** Returns an honest name in two parts, so that its extension can stay in sight when the rest is cut off. */
export function nameParts(name: string): { stem: string; extension: string } {
  const honest = honestName(name);
  const dot = honest.lastIndexOf(".");
  if (dot <= 0 || honest.length - dot > maxExtension) return { stem: honest, extension: "" };
  return { stem: honest.slice(0, dot), extension: honest.slice(dot) };
}

/** The kinds of file that have a short name: what their content is, and the extensions that promise it. */
const kinds: readonly { label: string; mime: RegExp; extensions: string }[] = [
  { label: "PDF", mime: /^application\/pdf$/, extensions: "pdf" },
  { label: "JPEG", mime: /^image\/jpeg$/, extensions: "jpg jpeg jpe jfif" },
  { label: "PNG", mime: /^image\/(vnd\.mozilla\.a)?png$/, extensions: "png" },
  { label: "GIF", mime: /^image\/gif$/, extensions: "gif" },
  { label: "WebP", mime: /^image\/webp$/, extensions: "webp" },
  { label: "DOC", mime: /^application\/msword$/, extensions: "doc dot" },
  { label: "DOCX", mime: /wordprocessingml/, extensions: "docx dotx" },
  { label: "XLS", mime: /^application\/vnd\.ms-excel$/, extensions: "xls xlt" },
  { label: "XLSX", mime: /spreadsheetml/, extensions: "xlsx xltx" },
  { label: "PPT", mime: /^application\/vnd\.ms-powerpoint$/, extensions: "ppt pps" },
  { label: "PPTX", mime: /presentationml/, extensions: "pptx ppsx" },
  { label: "ZIP", mime: /^application\/zip$/, extensions: "zip" },
  { label: "HTML", mime: /^(text\/html|application\/xhtml\+xml)$/, extensions: "html htm xhtml" },
  { label: "MP3", mime: /^audio\/mpeg$/, extensions: "mp3" },
  { label: "MP4", mime: /^(video|audio)\/mp4$/, extensions: "mp4 m4v m4a" },
  {
    label: "EXE",
    mime: /^application\/(vnd\.microsoft\.portable-executable|x-msdownload|x-dosexec)$/,
    extensions: "exe scr com dll cpl pif",
  },
  { label: "APK", mime: /^application\/vnd\.android\.package-archive$/, extensions: "apk" },
  { label: "JAR", mime: /^application\/(java-archive|jar)$/, extensions: "jar" },
];

/** Extensions of files that run when they are opened. */
const programs =
  / (exe|scr|com|dll|cpl|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|msi|msp|lnk|reg|jar|apk|app|dmg|pkg|sh|command|deb|rpm|iso|img) /;
const programTypes =
  /executable|x-elf|x-mach|sharedlib|x-msdownload|x-dosexec|shellscript|java-archive|package-archive/;

/** What is certain about a file: its kind by its content, and what its name promises instead. */
export type FileKind = {
  /** Its kind by its content, such as PDF; null if the content doesn't tell. */
  label: string | null;
  /** The kind its name promises; null if name and content agree or one of them says nothing. */
  promised: string | null;
  /** Whether it runs when opened. */
  program: boolean;
};

/** Compares a file's content, by the type that the server found in it, with its name. */
export function fileKind(name: string, mimeType: string | null): FileKind {
  const mime = (mimeType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const extension = nameParts(name).extension.slice(1).toLowerCase();
  const is = kinds.find((k) => k.mime.test(mime));
  const promised = kinds.find((k) => k.extensions.split(" ").includes(extension));
  // Plain text is certain too: nothing with a binary format looks like it.
  const known = is !== undefined || mime === "text/plain";
  // Packages look like the archives they are.
  const packed = is?.label === "ZIP" && /^(DOCX|XLSX|PPTX|APK|JAR)$/.test(promised?.label ?? "");
  const older = is?.label === "XLS" && promised?.label === "DOC"; // one container for both
  return {
    label: is?.label ?? null,
    promised: known && promised && promised !== is && !packed && !older ? promised.label : null,
    program: programs.test(` ${extension} `) || programTypes.test(mime),
  };
}
