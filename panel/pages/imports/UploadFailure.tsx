import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { Sentences } from "./Sentences.tsx";

/** Faults of these parameters are shown by the form itself. */
const inForm =
  /^\?(format|country|encoding|onBlank|phone|columns|mapping|channel|segment|rowLimit|consent)(#|$)/;

/** Why a file was not taken, as far as no field of the form says it. */
export function UploadFailure({ error }: { error: unknown }) {
  const { strings } = useWords();
  if (!(error instanceof ApiProblem)) return null;
  const others = error.errors.filter((fault) => !inForm.test(fault.pointer));
  if (others.length === 0 && error.errors.length > 0) return null;
  const details = others.length > 0 ? others.map((fault) => fault.detail) : [error.detail];
  const words = details.every((detail) => detail === "") ? [strings.problems[error.code]] : details;
  const sentences = words.map((detail) => ({ detail }));
  return <Sentences isFault title={strings.imports.uploadFailed} sentences={sentences} />;
}
