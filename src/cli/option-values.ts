/** The options of one call, by commander's camel-case names. */
export class OptionValues {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** `--no-…` was given. */
  isFalse(name: string): boolean {
    return this.#values[name] === false;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  /** `{ [name]: text }` when it was given, else nothing: for exact optional properties. */
  optional<K extends string>(name: string, key: K): { readonly [P in K]?: string } {
    const value = this.text(name);
    if (value === undefined) return {};
    const given: { [P in K]?: string } = {};
    given[key] = value;
    return given;
  }
}
