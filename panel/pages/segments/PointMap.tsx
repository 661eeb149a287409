import { ActionIcon } from "@mantine/core";
import { IconFocusCentered, IconMinus, IconPlus } from "@tabler/icons-react";
import { geoMercator, geoPath } from "d3-geo";
import { type MouseEvent, useMemo, useState } from "react";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-50m.json";
import { useWords } from "../../ui/language.tsx";
import { circleAround, type Point, roundPoint } from "./circle.ts";
import styles from "./PointMap.module.css";

const width = 640;
const height = 320;

// The file is made by topojson; TypeScript takes its literals for any strings.
const world = atlas as unknown as Topology<{ countries: GeometryCollection }>;
const countries = feature(world, world.objects.countries);

/** What the map shows: its middle, and how many degrees of longitude fit into its width. */
interface View extends Point {
  span: number;
}

const wholeWorld: View = { lat: 25, lng: 20, span: 360 };
const leastSpan = 0.5;

/** The circle in the middle, with some of the country around it to know it by. */
function around(point: Point, degrees: number): View {
  // Away from the equator a degree of longitude is shorter than one of latitude.
  const stretch = Math.cos((Math.min(80, Math.abs(point.lat)) * Math.PI) / 180);
  return { ...point, span: Math.min(360, Math.max(4, (degrees * 6) / stretch)) };
}

function projectionOf({ lat, lng, span }: View) {
  const projection = geoMercator()
    // Turned to the middle, so that a circle on the date line is not torn apart.
    .rotate([-lng, 0])
    .center([0, Math.max(-75, Math.min(75, lat))])
    .scale((width / 360) * (360 / span) * (180 / Math.PI))
    .translate([width / 2, height / 2]);
  return projection.clipExtent([
    [-2, -2],
    [width + 2, height + 2],
  ]);
}

interface PointMapProps {
  point: Point | null;
  /** Radius, as an angle at the middle of the earth. */
  degrees: number;
  onPick(point: Point): void;
}

/** The world, the point and its circle; a click sets the point. Keyboards type it in the fields beside. */
export function PointMap({ point, degrees, onPick }: PointMapProps) {
  const { strings } = useWords();
  const texts = strings.segments.place;
  const [view, setView] = useState<View>(() => (point === null ? wholeWorld : around(point, degrees)));
  const projection = useMemo(() => projectionOf(view), [view]);
  const path = useMemo(() => geoPath(projection), [projection]);
  const land = useMemo(() => path(countries) ?? "", [path]);
  const dot = point === null ? null : projection([point.lng, point.lat]);
  const circle = point === null || degrees <= 0 ? null : path(circleAround(point, degrees));

  const pick = (event: MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const clicked = projection.invert?.([
      ((event.clientX - box.left) / box.width) * width,
      ((event.clientY - box.top) / box.height) * height,
    ]);
    if (clicked) onPick(roundPoint({ lng: clicked[0], lat: Math.max(-85, Math.min(85, clicked[1])) }));
  };
  const zoom = (factor: number) =>
    setView((old) => {
      const span = Math.max(leastSpan, Math.min(360, old.span * factor));
      return span === 360 ? wholeWorld : { ...(factor < 1 && point !== null ? point : old), span };
    });

  const buttons = [
    { text: texts.zoomIn, Icon: IconPlus, act: () => zoom(1 / 2.5) },
    { text: texts.zoomOut, Icon: IconMinus, act: () => zoom(2.5) },
    {
      text: texts.fit,
      Icon: IconFocusCentered,
      act: () => point !== null && setView(around(point, degrees)),
    },
  ];
  return (
    <div className={styles.map}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the fields for latitude and longitude do the same with the keyboard */}
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={texts.map} onClick={pick}>
        <path d={land} className={styles.land} />
        {circle !== null && <path d={circle} className={styles.circle} />}
        {dot && <circle cx={dot[0]} cy={dot[1]} r={5} className={styles.dot} />}
      </svg>
      <div className={styles.buttons}>
        {buttons.map(({ text, Icon, act }) => (
          <ActionIcon key={text} variant="default" size="sm" aria-label={text} title={text} onClick={act}>
            <Icon size={14} />
          </ActionIcon>
        ))}
      </div>
    </div>
  );
}
