/** Every example that Get-Help and docs/cmdlets print runs as printed, in a site with the lab's people, through the shell. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { formats } from '#shell'
import { overSocket } from '../../src/server/commands/admin-send.ts'
import { remoteHost } from '../../src/server/commands/remote-host.ts'
import { desk } from '../shell/desk.ts'
import { startTestSite } from '../support/site.ts'

/** What the lab has beside the people of every test. */
const lab = "Set-Mailbox mary -EmailAddresses @{Add = 'mary.jensen@contoso.com'}; Set-Mailbox room1 -Office 'Building 1'"

test('every example of a cmdlet runs as it is printed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await using site = await startTestSite({ config: { data: folder } })
  const host = remoteHost({ send: overSocket(join(folder, 'admin.sock')), organisation: 'default' })
  const cmdlets = (await host.describe()).toSorted((a, b) => Number(isOfServices(a.name)) - Number(isOfServices(b.name)))
  const examples = cmdlets.flatMap(({ name, examples = [] }) => examples.map(({ command }) => ({ name, command })))
  assert.ok(examples.length > 40 && site.admin.cmdlets.length >= cmdlets.length)
  const failures: string[] = []
  for (const { name, command } of [{ name: 'lab', command: lab }, ...examples]) {
    const { shell, said } = desk({ host, formats })
    const { code } = await shell.runToTerminal(command)
    const errors = said.filter((one) => one.startsWith('error'))
    if (code !== 0 || errors.length > 0) failures.push(`${name}: ${command}: ${code} ${errors.join()}`)
  }
  assert.deepEqual(failures, [])
})

const isOfServices = (name: string): boolean => name.endsWith('-Service')
