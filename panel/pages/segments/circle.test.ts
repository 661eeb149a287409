import assert from "node:assert/strict";
import { test } from "node:test";
import { geoContains } from "d3-geo";
import { circleAround, degreesOf, roundPoint, wrapLongitude } from "./circle.ts";

test("a circle holds what is near, also across the date line", () => {
  const circle = circleAround({ lat: 0, lng: 179.9 }, degreesOf(100, "kilometers"));
  assert.ok(geoContains(circle, [-179.9, 0]), "22 km to the east");
  assert.ok(!geoContains(circle, [178, 0]), "211 km to the west");
});

test("distances are angles of a round earth", () => {
  assert.ok(Math.abs(degreesOf(111.195, "kilometers") - 1) < 1e-5);
  assert.equal(degreesOf(5000, "meters"), degreesOf(5, "kilometers"));
  assert.ok(Math.abs(degreesOf(1, "miles") - degreesOf(1.609344, "kilometers")) < 1e-12);
  assert.equal(degreesOf(1e6, "miles"), 180);
});

test("longitudes go round", () => {
  assert.deepEqual([190, -190, 180, 540].map(wrapLongitude), [-170, 170, -180, -180]);
  assert.deepEqual(roundPoint({ lat: 35.758412, lng: 411.408249 }), { lat: 35.7584, lng: 51.4082 });
});
