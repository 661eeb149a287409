import assert from "node:assert/strict";
import { test } from "node:test";
import { maxFileBytes } from "../../../server/files/schema.ts";
import { faultOfImage, maxImageBytes, nameIn } from "./images.ts";

test("what mail programs do not show, or the server does not take, is told", () => {
  assert.equal(maxImageBytes, maxFileBytes);
  assert.equal(faultOfImage({ type: "image/png", size: maxImageBytes }), null);
  assert.equal(faultOfImage({ type: "image/png", size: maxImageBytes + 1 }), "tooLarge");
  assert.equal(faultOfImage({ type: "image/svg+xml", size: 1 }), "wrongType");
});

test("an image of ours is called by its name", () => {
  assert.equal(nameIn("/files/01/%DB%8C%D9%84%D8%AF%D8%A7.png"), "یلدا.png");
  assert.equal(nameIn("/files/01/100%.png"), "100%.png");
  assert.equal(nameIn("https://example.com/a.png"), "https://example.com/a.png");
});
