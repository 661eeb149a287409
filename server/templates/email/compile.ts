/** An e-mail ready to be filled in for each recipient: Liquid, with all styles in place. */
export interface CompiledEmail {
  html: string;
  /** The plain text beside it. */
  text: string;
  /** Where the counted links lead, as they were written; the first is link 1. */
  links: string[];
  /** Marks the counted links in `html`; nobody who fills in a variable knows it. */
  mark: string;
}
