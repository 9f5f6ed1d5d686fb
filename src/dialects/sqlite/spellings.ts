import { text, type Expression } from "../../schema/expression.ts";
import { expressionKey } from "./tokens.ts";

/** Which of several spellings that mean the same is taken. */
export interface Spellings {
  /**
   * @param place the column or table where the text stands
   * @param key the same for all texts that mean the same
   */
  of(place: string, key: string, sql: string): string;
  expression(place: string, sql: string): Expression;
}

/**
 * The catalog keeps its own texts; a model's text becomes the catalog's where both mean the same: that
 * of the same place, else (after a rename) of any place. What is new stays as it was written.
 */
export class CatalogSpellings implements Spellings {
  readonly #known = new Map<string, string>();

  of(place: string, key: string, sql: string): string {
    for (const id of [idOf(place, key), idOf("", key)]) {
      if (!this.#known.has(id)) this.#known.set(id, sql);
    }
    // of two texts in one place that mean the same, the first stands for both
    return this.#known.get(idOf(place, key)) ?? sql;
  }

  expression(place: string, sql: string): Expression {
    return text(this.of(place, `expression ${expressionKey(sql)}`, sql));
  }

  forModels(): Spellings {
    const of = (place: string, key: string, sql: string): string =>
      this.#known.get(idOf(place, key)) ?? this.#known.get(idOf("", key)) ?? sql;
    return {
      of,
      expression: (place, sql) => text(of(place, `expression ${expressionKey(sql)}`, sql)),
    };
  }
}

function idOf(place: string, key: string): string {
  return JSON.stringify([place, key]);
}
