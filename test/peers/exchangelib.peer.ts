/** Drives a site with Debian's python3-exchangelib, signed in with Basic and with NTLM; each step of the Python script is a subtest here. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test, { type TestContext } from 'node:test'
import { systemCaller } from '#model'
import { startPeerSite, type PeerSite } from '../clients/peer-site.ts'
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

/** With NTLM every sign-in must be bound to its TLS connection: the client says what certificate it saw. */
const requireBinding = async (site: TestSite) => {
  for (const line of [
    'Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -ExtendedProtectionTokenChecking Require',
    'Set-AutodiscoverVirtualDirectory "Autodiscover (Default Web Site)" -ExtendedProtectionTokenChecking Require',
  ])
    await runLine(site.admin, systemCaller(site.organisation.id), line)
}

test('exchangelib', (context) => drive(context, 'basic', startPeerSite()))
test('exchangelib with NTLM', (context) => drive(context, 'NTLM', startPeerSite({ signIn: { ntlm: true } }, requireBinding)))

async function drive(context: TestContext, auth: string, started: Promise<PeerSite>): Promise<void> {
  requireProgram('/usr/bin/python3', 'python3-exchangelib')
  const site = await started
  try {
    const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, 'exchangelib', 'drive.py')], {
      env: {
        ...process.env,
        EWS_URL: site.ews,
        CA_FILE: site.caFile,
        AUTODISCOVER_PORT: new URL(site.ews).port,
        AUTH: auth,
        PASSWORD: site.password,
        MARY: site.mary,
        ROB: site.rob,
        GROUP: site.group,
        ROOM_LIST: site.roomList,
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
  }
}
