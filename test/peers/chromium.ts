/** Debian's chromium, told to trust the certificates of sites under test. */
import { createHash, X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import { requireProgram } from './programs.ts'

const chromiumPath = '/usr/bin/chromium'

interface Trusted {
  ports: { https?: number }
  ca: string
  /** Host names that lead to it, on whatever port they are asked for. */
  hosts?: readonly string[]
}

/** What a browser knows a certificate by that it is told to trust. */
function keyHashOf({ ports, ca }: Trusted): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: ports.https ?? 0, servername: 'localhost', ca }, () => {
      const { publicKey } = new X509Certificate(socket.getPeerCertificate().raw)
      socket.end()
      resolve(
        createHash('sha256')
          .update(publicKey.export({ type: 'spki', format: 'der' }))
          .digest('base64'),
      )
    })
    socket.on('error', reject)
  })
}

/** A browser that trusts these sites. */
export async function openBrowser(...sites: Trusted[]): Promise<{ browser: Browser } & AsyncDisposable> {
  const browser = await chromium.launch(await launching(sites))
  return { browser, [Symbol.asyncDispose]: () => browser.close() }
}

/** One that keeps what it loaded in a folder, as people's browsers do. */
export const openKeptBrowser = async (folder: string, ...sites: Trusted[]): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, await launching(sites))

async function launching(sites: readonly Trusted[]) {
  requireProgram(chromiumPath, 'chromium')
  const keys = await Promise.all(sites.map(keyHashOf))
  const rules = sites.flatMap(({ hosts = [], ports }) => hosts.map((host) => `MAP ${host} 127.0.0.1:${ports.https}`))
  return {
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      `--ignore-certificate-errors-spki-list=${keys.join(',')}`,
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(',')}`] : []),
    ],
  }
}
