import { setNonce } from "get-nonce";

/**
 * What styles that scripts put into the page must carry, by the content security policy of the server. Browsers hide the
 * attribute, so it is read as a property (HTML §2.6.8).
 */
export const nonce: string =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

// For those that keep the page from scrolling behind a dialog.
setNonce(nonce);
