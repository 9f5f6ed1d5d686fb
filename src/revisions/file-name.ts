const LONGEST_SLUG = 40;

/**
 * The file of a revision: `7c1f0a9d2e44_add_posts.ts`; words are cut at forty characters.
 *
 * @param message any text; without a letter or digit the id stands alone
 */
export function revisionFileName(id: string, message: string, extension = ".ts"): string {
  const words = message.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  let slug = "";
  for (const word of words) {
    const longer = slug === "" ? word.slice(0, LONGEST_SLUG) : `${slug}_${word}`;
    if (longer.length > LONGEST_SLUG) break;
    slug = longer;
  }
  return `${slug === "" ? id : `${id}_${slug}`}${extension}`;
}
