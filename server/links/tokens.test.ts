import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { v4, v7 } from "uuid";
import { createLinkTokens } from "./tokens.ts";

const tokens = createLinkTokens("a".repeat(32));
const subjectOf = () => ({ messageId: v7(), userKey: v4(), step: 0 });

test("a token says what was signed, and nothing once any part of it is changed", () => {
  const purposes = ["click", "open", "leave"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...purposes),
      fc.constantFrom(0, 1),
      fc.nat(65_535),
      fc.webUrl(),
      fc.nat(63),
      fc.constantFrom(..."abcXYZ019-_"),
      (purpose, step, link, to, at, letter) => {
        const subject = { ...subjectOf(), step };
        const token = tokens.sign(purpose, subject, link, to);
        assert.match(token, /^[\w-]{64}$/);
        assert.deepEqual(tokens.read(purpose, token, to), { ...subject, link });
        assert.equal(tokens.read(purpose, token, `${to}/`), null);
        for (const other of purposes)
          if (other !== purpose) assert.equal(tokens.read(other, token, to), null);
        if (token[at] !== letter)
          assert.equal(tokens.read(purpose, token.slice(0, at) + letter + token.slice(at + 1), to), null);
        assert.equal(tokens.read(purpose, token.slice(0, at), to), null);
        assert.equal(tokens.read(purpose, `${token}A`, to), null);
      },
    ),
  );
});

test("an address says the same in any case of its letters, and fits left of an @ with its prefix", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("bounce", "leave"),
      fc.constantFrom(0, 1),
      fc.nat(60),
      (purpose, step, at) => {
        const subject = { ...subjectOf(), step };
        const token = tokens.signAddress(purpose, subject);
        assert.match(token, /^[a-z2-7]{61}$/);
        assert.deepEqual(tokens.readAddress(purpose, token.toUpperCase()), subject);
        assert.equal(tokens.readAddress(purpose === "bounce" ? "leave" : "bounce", token), null);
        const letter = token[at] === "a" ? "b" : "a";
        assert.equal(tokens.readAddress(purpose, token.slice(0, at) + letter + token.slice(at + 1)), null);
        assert.equal(tokens.readAddress(purpose, token.slice(0, at)), null);
      },
    ),
  );
});

test("tokens of another secret key are as good as none", () => {
  const others = createLinkTokens("b".repeat(32));
  const subject = subjectOf();
  assert.equal(others.read("leave", tokens.sign("leave", subject)), null);
  assert.equal(others.readAddress("bounce", tokens.signAddress("bounce", subject)), null);
  for (const text of ["", "x", "é".repeat(64), "=".repeat(64), "../../../etc/passwd"])
    assert.equal(tokens.read("click", text) ?? tokens.readAddress("bounce", text), null);
});
