/**
 * HTML as a document in which nothing runs and nothing is fetched, to be read by the schema of the editor and then forgotten. The page's policy lets
 * ProseMirror make such documents under this name; the site has filtered what comes here all the same.
 */
export function inertDocument(html: string): Document {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  const made = trustedTypes?.createPolicy('ProseMirrorClipboard', { createHTML: (text) => text }).createHTML(html)
  return new DOMParser().parseFromString((made ?? html) as string, 'text/html')
}

/** Not yet among the types of every compiler. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): { createHTML(text: string): unknown }
}
