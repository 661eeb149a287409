import type { Fault } from "../lib/problem.ts";
import type { Condition } from "./condition.ts";
import type { Field } from "./fields.ts";

export const earthRadiusMeters = 6_371_008.8;

/** LoopBack's units of `maxDistance` in metres; miles when none is named. */
const metersPer: Record<string, number> = {
  kilometers: 1000,
  meters: 1,
  miles: 1609.344,
  feet: 0.3048,
  radians: earthRadiusMeters,
  degrees: (earthRadiusMeters * Math.PI) / 180,
};

type ParsedNear = { ok: true; condition: Condition } | { ok: false; faults: Fault[] };

/** `{near: {lat, lng} | [lat, lng] | "lat,lng", maxDistance?, unit?}`. Without `maxDistance`: anyone with a location. */
export function parseNear(field: Field, value: Record<string, unknown>, pointer: string): ParsedNear {
  const faults: Fault[] = [];
  const point = readPoint(value.near);
  if (!point) {
    faults.push({
      pointer: `${pointer}/near`,
      detail:
        'expected {"lat":35.7,"lng":51.4}, [35.7,51.4] or "35.7,51.4" (latitude −90 to 90, longitude −180 to 180)',
    });
  }
  const unit = value.unit ?? "miles";
  const meters = typeof unit === "string" ? metersPer[unit] : undefined;
  if (meters === undefined) {
    faults.push({
      pointer: `${pointer}/unit`,
      detail: `expected one of ${Object.keys(metersPer).join(", ")}`,
    });
  }
  const distance = value.maxDistance;
  if (distance !== undefined && (typeof distance !== "number" || !(distance >= 0))) {
    faults.push({ pointer: `${pointer}/maxDistance`, detail: "expected a number from 0" });
  }
  for (const name of Object.keys(value)) {
    if (!["near", "maxDistance", "unit"].includes(name)) {
      faults.push({
        pointer: `${pointer}/${name}`,
        detail: "unknown; near takes maxDistance and unit beside it",
      });
    }
  }
  if (!point || meters === undefined || faults.length > 0) return { ok: false, faults };
  const maxDistanceMeters = typeof distance === "number" ? distance * meters : null;
  return { ok: true, condition: { kind: "near", field, ...point, maxDistanceMeters } };
}

function readPoint(value: unknown): { lat: number; lng: number } | null {
  let pair: unknown[] = [];
  if (typeof value === "string")
    pair = value.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  else if (Array.isArray(value)) pair = value;
  else if (typeof value === "object" && value !== null && "lat" in value && "lng" in value)
    pair = [value.lat, value.lng];
  const [lat, lng] = pair;
  if (pair.length !== 2 || typeof lat !== "number" || typeof lng !== "number") return null;
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

export interface Box {
  south: number;
  north: number;
  west: number;
  east: number;
}

/**
 * Boxes that hold every point within `meters` of the place, for the index; the exact distance is checked after. Two
 * where the circle crosses the 180th meridian, the whole ring of longitudes where it holds a pole.
 */
export function boxesAround(lat: number, lng: number, meters: number): Box[] {
  const angle = meters / earthRadiusMeters;
  const degrees = (angle * 180) / Math.PI;
  const south = Math.max(-90, lat - degrees);
  const north = Math.min(90, lat + degrees);
  if (south <= -90 || north >= 90) return [{ south, north, west: -180, east: 180 }];
  // The widest point of the circle lies nearer the pole than its centre.
  const ratio = Math.sin(angle) / Math.cos((lat * Math.PI) / 180);
  if (ratio >= 1) return [{ south, north, west: -180, east: 180 }];
  const width = (Math.asin(ratio) * 180) / Math.PI;
  const west = lng - width;
  const east = lng + width;
  if (west < -180)
    return [
      { south, north, west: west + 360, east: 180 },
      { south, north, west: -180, east },
    ];
  if (east > 180)
    return [
      { south, north, west, east: 180 },
      { south, north, west: -180, east: east - 360 },
    ];
  return [{ south, north, west, east }];
}
