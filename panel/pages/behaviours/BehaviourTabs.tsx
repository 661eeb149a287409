import { Link } from "@tanstack/react-router";
import { useWords } from "../../ui/language.tsx";
import styles from "./BehaviourTabs.module.css";
import type { ScopeSettings } from "./settings.ts";

const views = [
  { to: "/behaviours", text: "all" },
  { to: "/behaviours/trend", text: "trend" },
  { to: "/behaviours/funnel", text: "funnel" },
  { to: "/behaviours/cohort", text: "cohort" },
] as const;

/** The ways to look at behaviours. Range and segment are taken along. */
export function BehaviourTabs({ scope }: { scope: ScopeSettings }) {
  const { strings } = useWords();
  const { span, from, to, segment } = scope;
  return (
    <nav className={styles.tabs} aria-label={strings.behaviours.views}>
      {views.map((view) => (
        <Link
          key={view.to}
          to={view.to}
          search={view.to === "/behaviours" ? {} : { span, from, to, segment }}
          className={styles.tab}
          activeProps={{ className: styles.active ?? "", "aria-current": "page" }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {strings.behaviours[view.text]}
        </Link>
      ))}
    </nav>
  );
}
