/** Texts in CLIXML ([MS-PSRP] 2.2.5.3.2): control characters and surrogates as `_xHHHH_`, and an underscore that would begin such an escape. */

const encoded = /[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=[xX][0-9A-Fa-f]{4}(?:_|[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]))/g

/** A text as it stands in CLIXML, escaped for XML too, as content or in an attribute between `"`. */
export function encodeText(text: string): string {
  return text
    .replace(encoded, (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The text that was encoded; what is no escape stays as it is. */
export function decodeText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
