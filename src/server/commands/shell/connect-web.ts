import { readFile } from 'node:fs/promises'
import { Refusal } from '#model'
import type { CmdletHost } from '#shell'
import { StartProblem } from '../../start-problem.ts'
import { overHttps } from '../admin-send.ts'
import { remoteHost } from '../remote-host.ts'
import type { WebSite } from './oauth.ts'
import { signInAt, type SignedInShell } from './sign-in.ts'
import type { ShellTerminal } from './terminal.ts'

export interface WebHostOptions {
  url: string
  ca?: string
  organisation?: string
  browser?: boolean
  signOut?: boolean
}

/** The cmdlets of a site elsewhere, over HTTPS, after signing in with a second factor. */
export async function webHost(
  { url, ca, organisation, browser = false, signOut = false }: WebHostOptions,
  terminal: ShellTerminal,
): Promise<{ host: CmdletHost; name: string; signedOut?: boolean }> {
  const site = await webSite(url, ca)
  if (organisation === undefined) {
    throw new StartProblem('Which organisation is not said.', 'Name it with --organisation: one of its domains, such as contoso.com.')
  }
  const stopping = new AbortController()
  const off = terminal.onInterrupt(() => stopping.abort(new StartProblem('Nobody was signed in.', 'It was stopped with Ctrl-C.')))
  try {
    const signedIn = await signInAt({
      ...{ site, organisation, signal: stopping.signal },
      by: browser ? 'browser' : 'device',
      tell: (text) => void terminal.say('information', text),
    })
    const name = `${organisation} at ${new URL(site.url).host}`
    if (signOut) {
      await signedIn.signOut()
      void terminal.say('information', `Signed out of ${name}.`)
      return { host: nowhere, name, signedOut: true }
    }
    await signedIn.token()
    const host = remoteHost({ send: overHttps({ ...site, authorization: async () => `Bearer ${await signedIn.token()}` }), organisation })
    return { host: steppingUp(host, signedIn), name }
  } finally {
    off()
  }
}

/** Cmdlets that ask for factors shown not long ago: the person shows them, and the cmdlet is run again. It has done nothing before. */
function steppingUp(host: CmdletHost, signedIn: SignedInShell): CmdletHost {
  return {
    describe: () => host.describe(),
    async *invoke(name, parameters, invocation) {
      try {
        yield* host.invoke(name, parameters, invocation)
      } catch (error) {
        if (!(error instanceof Refusal) || (error.code !== 'StepUpRequired' && error.code !== 'SecondFactorRequired')) throw error
        invocation.warn(error.message)
        await signedIn.again(invocation.signal)
        yield* host.invoke(name, parameters, invocation)
      }
    },
  }
}

const nowhere: CmdletHost = {
  describe: async () => [],
  async *invoke() {
    throw new Refusal('Unauthenticated', 'Nobody is signed in.')
  },
}

/** Where a site is, as it is written, and the file of the authority to trust. */
export async function webSite(written: string, ca: string | undefined): Promise<WebSite> {
  const url = siteUrl(written)
  return { url, ...(ca === undefined ? {} : { ca: await readAuthority(ca) }) }
}

function siteUrl(written: string): string {
  const full = /^https?:\/\//i.test(written) ? written : `https://${written}`
  if (!URL.canParse(full) || new URL(full).protocol !== 'https:') {
    throw new StartProblem(`'${written}' is not the address of a site.`, 'Write it like https://mail.contoso.com:8443.')
  }
  return new URL(full).origin
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartProblem(`${file} cannot be read: ${(error as Error).message}.`, 'Check the path and its rights.', error)
  }
}
