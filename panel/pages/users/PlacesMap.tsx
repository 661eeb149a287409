import { geoMercator, geoPath } from "d3-geo";
import { useMemo } from "react";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-50m.json";
import { useWords } from "../../ui/language.tsx";
import styles from "./PlacesCard.module.css";

interface Place {
  id: string;
  name: string;
  lat: number;
  lng: number;
}

const width = 640;
const height = 320;
/** Degrees shown around a single place: enough of its country to know it by. */
const leastSpan = 6;

// The file is made by topojson; TypeScript takes its literals for any strings.
const world = atlas as unknown as Topology<{ countries: GeometryCollection }>;
const countries = feature(world, world.objects.countries);

/** Countries around the places, and a dot for each. */
export function PlacesMap({ places }: { places: readonly Place[] }) {
  const { strings, format } = useWords();
  const { land, dots } = useMemo(() => draw(places), [places]);
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={strings.users.mapOf(places.length, format.number(places.length))}
    >
      <path d={land} className={styles.land} />
      {dots.map(({ id, name, x, y }) => (
        <g key={id}>
          <circle cx={x} cy={y} r={14} className={styles.halo} />
          <circle cx={x} cy={y} r={6} className={styles.dot}>
            <title>{name}</title>
          </circle>
        </g>
      ))}
    </svg>
  );
}

function draw(places: readonly Place[]) {
  // Mercator has no poles.
  const points = places.map(({ lat, lng }): [number, number] => [lng, Math.max(-80, Math.min(80, lat))]);
  const around = points.flatMap(([lng, lat]): [number, number][] => [
    [lng - leastSpan, Math.max(-84, lat - leastSpan)],
    [lng + leastSpan, Math.min(84, lat + leastSpan)],
  ]);
  const projection = geoMercator().fitExtent(
    [
      [16, 16],
      [width - 16, height - 16],
    ],
    { type: "MultiPoint", coordinates: around },
  );
  projection.clipExtent([
    [-2, -2],
    [width + 2, height + 2],
  ]);
  const dots = places.map(({ id, name }, index) => {
    const [x, y] = projection(points[index] ?? [0, 0]) ?? [0, 0];
    return { id, name, x, y };
  });
  return { land: geoPath(projection)(countries) ?? "", dots };
}
