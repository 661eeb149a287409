import { geoCircle } from "d3-geo";

/** A point on the earth, degrees. */
export interface Point {
  lat: number;
  lng: number;
}

export const distanceUnits = ["kilometers", "meters", "miles"] as const;
export type DistanceUnit = (typeof distanceUnits)[number];

const metersIn: Record<DistanceUnit, number> = { kilometers: 1000, meters: 1, miles: 1609.344 };
/** Mean radius (IUGG), as the server counts distances. */
const earthMeters = 6_371_008.8;

/** A distance as an angle seen from the middle of the earth, degrees; all around it at most. */
export const degreesOf = (distance: number, unit: DistanceUnit): number =>
  Math.min(180, (distance * metersIn[unit] * 180) / (Math.PI * earthMeters));

/** The ground within `degrees` of a point, to be drawn. It may cross the date line, and hold a pole. */
export const circleAround = ({ lat, lng }: Point, degrees: number) =>
  geoCircle().center([lng, lat]).radius(degrees).precision(4)();

/** A longitude as everybody writes it: 190 degrees east is 170 west. */
export const wrapLongitude = (lng: number): number => ((((lng + 180) % 360) + 360) % 360) - 180;

/** As many digits as a click can mean: ten meters. */
export const roundPoint = ({ lat, lng }: Point): Point => ({
  lat: Math.round(lat * 1e4) / 1e4,
  lng: Math.round(wrapLongitude(lng) * 1e4) / 1e4,
});
