/** The built browser client: one page, and files whose names change with what is in them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { HttpReply } from '#access'
import { Refusal } from '#model'

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** Nothing inline but styles that carry the nonce, nothing of another site, no markup made from text (Trusted Types). */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self' blob:",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types ProseMirrorClipboard 'allow-duplicates'",
  ].join('; ')

export interface ClientFiles {
  /** The page with the nonce of its styles, and answers that it would ask for first. Not built → ServiceUnavailable. */
  page(nonce: string, answers: Readonly<Record<string, unknown>>): HttpReply
  /** A file by its name, which says what is in it; undefined = there is none. */
  asset(name: string): HttpReply | undefined
}

/** JSON that ends no element of the page, whatever is in it. */
const asData = (answers: object): string => JSON.stringify(answers).replaceAll('<', '\\u003c')

/** Files are read when they are first asked for: the client may be built while the site runs. */
export function openClientFiles(folder: string): ClientFiles {
  let page: string | undefined
  const known = new Map<string, HttpReply>()
  function look(): void {
    if (page !== undefined || !existsSync(join(folder, 'index.html'))) return
    page = readFileSync(join(folder, 'index.html'), 'utf8')
    for (const name of readdirSync(join(folder, 'assets'))) {
      const type = types[extname(name)]
      if (!type) continue
      const headers = {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'cross-origin-resource-policy': 'same-origin',
      }
      known.set(name, { status: 200, headers, body: readFileSync(join(folder, 'assets', name)) })
    }
  }
  return {
    page(nonce, answers) {
      look()
      if (page === undefined) {
        throw new Refusal(
          'ServiceUnavailable',
          'The browser client is not built. Run "npm run build" in the folder of the project, then reload.',
        )
      }
      return {
        status: 200,
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': pagePolicy(nonce),
          'cache-control': 'no-store',
          'referrer-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
          'permissions-policy': 'camera=(), microphone=(), geolocation=()',
        },
        body: page.replaceAll('%NONCE%', nonce).replace('%ANSWERS%', () => asData(answers)),
      }
    },
    asset(name) {
      look()
      return known.get(name)
    },
  }
}
