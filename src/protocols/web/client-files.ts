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
  /**
   * The page with the nonce of its styles, answers that it would ask for first, and the names of the files of the area (`mail`) that it
   * shows first, so that they are fetched beside its own. Not built → ServiceUnavailable.
   */
  page(nonce: string, answers: object, area: string): HttpReply
  /** A file by its name, which says what is in it; undefined = there is none. */
  asset(name: string): HttpReply | undefined
}

/** What was built from which source, and what that needs (Vite's `manifest.json`). */
type Manifest = Readonly<Record<string, { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[] }>>

/** Tells the browser to fetch what the files that a page names load first, and the files that the source of an area was built to. */
function fetchedBeside({ page, manifest }: Built, source: string): string {
  const isNamed = ({ file }: Manifest[string]) => page.includes(`/owa/${file}`)
  const first = Object.values(manifest)
    .filter(isNamed)
    .flatMap(({ dynamicImports }) => dynamicImports ?? [])
  const seen = new Set<string>()
  const filesOf = (name: string): string[] => {
    const part = Object.hasOwn(manifest, name) ? manifest[name] : undefined
    if (!part || isNamed(part) || seen.has(name)) return []
    seen.add(name)
    return [part.file, ...(part.css ?? []), ...(part.imports ?? []).flatMap(filesOf)]
  }
  const link = (file: string) =>
    `<link rel="${file.endsWith('.css') ? 'stylesheet' : 'modulepreload'}" crossorigin href="/owa/${file}" nonce="%NONCE%">`
  return [...first, source].flatMap(filesOf).map(link).join('')
}

/** JSON that ends no element of the page, whatever is in it. */
const asData = (answers: object): string => JSON.stringify(answers).replaceAll('<', '\\u003c')

interface Built {
  page: string
  manifest: Manifest
  /** By name, as they are answered. */
  files: ReadonlyMap<string, HttpReply>
}

/** What was built into a folder; undefined = nothing yet, or not all of it. */
function readBuilt(folder: string): Built | undefined {
  const [page, manifest] = [join(folder, 'index.html'), join(folder, '.vite/manifest.json')]
  if (!existsSync(page) || !existsSync(manifest)) return undefined
  const files = new Map<string, HttpReply>()
  for (const name of readdirSync(join(folder, 'assets'))) {
    const type = types[extname(name)]
    if (!type) continue
    const headers = {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
    }
    files.set(name, { status: 200, headers, body: readFileSync(join(folder, 'assets', name)) })
  }
  return { page: readFileSync(page, 'utf8'), manifest: JSON.parse(readFileSync(manifest, 'utf8')) as Manifest, files }
}

/** Files are read when they are first asked for: the client may be built while the site runs. */
export function openClientFiles(folder: string): ClientFiles {
  let built: Built | undefined
  const look = (): Built | undefined => (built ??= readBuilt(folder))
  return {
    page(nonce, answers, area) {
      const client = look()
      if (!client) {
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
        body: client.page
          .replace('</head>', `${fetchedBeside(client, `${area}/${area}.tsx`)}</head>`)
          .replaceAll('%NONCE%', nonce)
          .replace('%ANSWERS%', () => asData(answers)),
      }
    },
    asset(name) {
      return look()?.files.get(name)
    },
  }
}
