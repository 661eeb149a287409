import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useWords } from "../../ui/language.tsx";
import { usersOwn } from "./plan.ts";

interface ZoneSelectProps {
  label: string;
  hint?: string;
  /** IANA name, `user`, or blank for the app's. */
  value: string;
  /** Is offered first, as the blank one; without it only zones are. */
  appZone?: string;
  withUsersOwn?: boolean;
  onChange(zone: string): void;
  error?: string | undefined;
}

/** Stands for the app's zone in the list, which takes no blank. */
const ofApp = "app";
/** More would only be scrolled past; the search finds the others. */
const mostShown = 60;

/** A time zone, found by a part of its name. */
export function ZoneSelect({ label, hint, value, appZone, withUsersOwn, onChange, error }: ZoneSelectProps) {
  const { strings } = useWords();
  const texts = strings.plan.when;
  const zones = useMemo(() => {
    const known = Intl.supportedValuesOf("timeZone");
    // Browsers leave out names that they know by another.
    const isLacking = value !== "" && value !== usersOwn && !known.includes(value);
    return isLacking ? [value, ...known] : known;
  }, [value]);
  const special = [
    ...(appZone === undefined ? [] : [{ value: ofApp, label: texts.appZone(`\u2066${appZone}\u2069`) }]),
    ...(withUsersOwn ? [{ value: usersOwn, label: texts.usersZone }] : []),
  ];
  return (
    <Select
      label={label}
      description={hint}
      searchable
      allowDeselect={false}
      data={[...special, ...zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))]}
      limit={mostShown}
      nothingFoundMessage={texts.noZone}
      value={value === "" ? ofApp : value}
      onChange={(zone) => zone !== null && onChange(zone === ofApp ? "" : zone)}
      error={error}
    />
  );
}
