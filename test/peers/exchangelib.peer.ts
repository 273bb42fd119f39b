/** Drives a site with Debian's python3-exchangelib, signed in with Basic and with NTLM; each step of the Python script is a subtest here. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test, { type TestContext } from 'node:test'
import { systemCaller } from '#model'
import { serverCertificate } from '#trust'
import { startPeerSite } from '../clients/peer-site.ts'
import { runLine } from '../support/run-line.ts'
import type { TestSite } from '../support/site.ts'
import { requireProgram } from './programs.ts'

interface StepReport {
  step: string
  ok: boolean
  error?: string
  where?: string
  seconds: number
}

/** With NTLM every sign-in must be bound to its TLS connection: the client says what certificate it saw. There are public folders then, too. */
const requireBinding = async (site: TestSite) => {
  for (const line of [
    'Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -ExtendedProtectionTokenChecking Require',
    'Set-AutodiscoverVirtualDirectory "Autodiscover (Default Web Site)" -ExtendedProtectionTokenChecking Require',
    "New-Mailbox 'Public Folders' -PublicFolder",
    'Add-PublicFolderClientPermission \\ -User mary -AccessRights Owner',
  ])
    await runLine(site.admin, systemCaller(site.organisation.id), line)
}

/** A port and a certificate for a program at the name, which the site trusts and may call. */
async function listenerAt(name: string) {
  const { cert, key, ca } = await serverCertificate({ organisation: 'Fabrikam', names: [name], clock: Date.now })
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-listener-'))
  const file = join(folder, 'listener.pem')
  await writeFile(file, `${key}\n${cert}`)
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const options = {
    config: { push: { allow: [name] } },
    outside: { authorities: () => [ca], findHost: async () => [{ address: '127.0.0.1', port }] },
  }
  return { folder, file, port, options }
}

test('exchangelib', (context) => drive(context, 'basic'))
test('exchangelib with NTLM', (context) => drive(context, 'NTLM', requireBinding))

async function drive(context: TestContext, auth: 'basic' | 'NTLM', prepare?: (site: TestSite) => Promise<unknown>): Promise<void> {
  requireProgram('/usr/bin/python3', 'python3-exchangelib')
  const heard = await listenerAt('listener.fabrikam.com')
  const { config, outside } = heard.options
  const site = await startPeerSite({ config: { ...config, signIn: { ntlm: auth === 'NTLM' } }, outside }, async (made) => {
    await runLine(made.admin, systemCaller(made.organisation.id), 'Enable-Mailbox rob -Archive')
    await prepare?.(made)
  })
  try {
    const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, 'exchangelib', 'drive.py')], {
      env: {
        ...process.env,
        EWS_URL: site.ews,
        CA_FILE: site.caFile,
        AUTODISCOVER_PORT: new URL(site.ews).port,
        AUTH: auth,
        PUBLIC_FOLDERS: auth === 'NTLM' ? 'Mary owns their root' : '',
        PASSWORD: site.password,
        MARY: site.mary,
        ROB: site.rob,
        GROUP: site.group,
        ROOM_LIST: site.roomList,
        PUSH_URL: 'https://listener.fabrikam.com/heard',
        PUSH_PORT: String(heard.port),
        PUSH_CERTIFICATE: heard.file,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let complaints = ''
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
    const ended = once(child, 'exit')
    let steps = 0
    for await (const line of createInterface({ input: child.stdout })) {
      const report = JSON.parse(line) as StepReport
      steps++
      await context.test(`${report.step} (${report.seconds} s)`, () => assert.ok(report.ok, `${report.error}\n${report.where}`))
    }
    await ended
    assert.ok(steps > 25, `the script ended after ${steps} steps (is python3-exchangelib installed?)\n${complaints.slice(-3000)}`)
  } finally {
    await site.close()
    await rm(heard.folder, { recursive: true, force: true })
  }
}
