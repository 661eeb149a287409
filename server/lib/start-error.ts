/** A reason why Chapar cannot start or go on that its operator can cure; `message` is one line that says how. */
export class StartError extends Error {
  override readonly name = "StartError";
}
