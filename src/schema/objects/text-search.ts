import { declaring, type Declared } from "./declare.ts";
import type { TextSearchConfiguration, TextSearchDictionary } from "./types.ts";

type Beside = "kind" | "name" | "table" | "arguments" | "type" | "on";

/** All that stands beside a dictionary's name. */
export type TextSearchDictionaryDefinition = Omit<TextSearchDictionary, Beside>;
/** All that stands beside a configuration's name. */
export type TextSearchConfigurationDefinition = Omit<TextSearchConfiguration, Beside>;

/** The data of a dictionary. */
export function textSearchDictionaryOf(
  name: string,
  definition: TextSearchDictionaryDefinition,
): TextSearchDictionary {
  return { kind: "textSearchDictionary", name, ...definition };
}

/** The data of a configuration. */
export function textSearchConfigurationOf(
  name: string,
  definition: TextSearchConfigurationDefinition,
): TextSearchConfiguration {
  return { kind: "textSearchConfiguration", name, ...definition };
}

/**
 * Declares a dictionary of text search (PostgreSQL).
 *
 * @example
 * export const plain = textSearchDictionary("plain", {
 *   template: "simple",
 *   options: { stopwords: "english" },
 * });
 */
export const textSearchDictionary: (
  name: string,
  definition: TextSearchDictionaryDefinition,
) => Declared<TextSearchDictionary> = declaring(textSearchDictionaryOf);

/**
 * Declares a configuration of text search (PostgreSQL).
 *
 * @example
 * export const titles = textSearchConfiguration("titles", {
 *   mappings: { asciiword: ["plain"], word: ["plain", "english_stem"] },
 * });
 */
export const textSearchConfiguration: (
  name: string,
  definition: TextSearchConfigurationDefinition,
) => Declared<TextSearchConfiguration> = declaring(textSearchConfigurationOf);
