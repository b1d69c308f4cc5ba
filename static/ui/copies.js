/**
 * Copies what a field holds.
 */

/**
 * Only a page of https or of this machine has the clipboard itself.
 * @param {HTMLInputElement} field left marked, so that it can be copied by hand
 * @returns {Promise<boolean>} whether it is copied
 */
export async function copies(field) {
  try {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(field.value);
      return true;
    }
  } catch {
    // Not allowed; the older way may be.
  }
  field.focus();
  field.select();
  return document.execCommand("copy");
}
