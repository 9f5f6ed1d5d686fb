/**
 * Text without passwords: in URLs (`scheme://user:password@host`, whatever is wrong with the rest of
 * them) and in parameters such as `password=…`.
 */
export function redact(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]*):[^\s'"]*@/gi, "$1:***@")
    .replace(/\b((?:ssl)?password|passwd|pwd)=[^\s&;'"]+/gi, "$1=***");
}
