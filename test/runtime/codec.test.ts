import fc from "fast-check";
import { expect, it } from "vitest";
import { decode, digest, encode } from "../../src/runtime/codec.ts";
import { isExpression, sql } from "../../src/schema/expression.ts";

const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const key = fc
  .oneof(fc.string(), fc.constantFrom("$date", "$bigint", "$object", "parts"))
  .filter((name) => name !== "__proto__");
const value = fc.letrec((tie) => ({
  any: fc.oneof(leaf, fc.array(tie("any")), fc.dictionary(key, tie("any"))),
})).any;
it("gives back what was written", () => {
  fc.assert(
    fc.property(value, (data) => {
      expect(decode(encode(data))).toEqual(data);
      expect(digest(decode(encode(data)))).toBe(digest(data));
    }),
  );
});

it("keeps expressions what they are", () => {
  const again = decode(encode({ default: sql`lower(${"x"})`, other: { parts: ["x"] } }));
  expect(again).toMatchObject({ default: { parts: ["lower(", { value: "x" }, ")"] } });
  expect(isExpression(Reflect.get(Object(again), "default"))).toBe(true);
  expect(isExpression(Reflect.get(Object(again), "other"))).toBe(false);
});
