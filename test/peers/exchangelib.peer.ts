/** Drives a site with Debian's python3-exchangelib; each step of the Python script is a subtest here. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test from 'node:test'
import { startPeerSite } from '../clients/peer-site.ts'
import { requireProgram } from './programs.ts'

interface StepReport {
  step: string
  ok: boolean
  error?: string
  where?: string
  seconds: number
}

test('exchangelib', async (context) => {
  requireProgram('/usr/bin/python3', 'python3-exchangelib')
  const site = await startPeerSite()
  try {
    const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, 'exchangelib', 'drive.py')], {
      env: {
        ...process.env,
        EWS_URL: site.ews,
        CA_FILE: site.caFile,
        AUTODISCOVER_PORT: new URL(site.ews).port,
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
})
