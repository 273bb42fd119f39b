/** docs/cmdlets is written from the registry; this test holds it to it. `UPDATE=1 node --test test/admin/cmdlet-docs.test.ts` writes it anew. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { cmdlet, cmdletPages, describe, parameter as take, syntaxOf } from '#admin'
import { startTestSite } from '../support/site.ts'

const folder = join(import.meta.dirname, '../../docs/cmdlets')

test('the pages about cmdlets say what the registry says, one a cmdlet and an index', async () => {
  await using site = await startTestSite()
  const pages = cmdletPages(site.admin.cmdlets)
  if (process.env.UPDATE) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    for (const [name, text] of pages) await writeFile(join(folder, name), text)
  }
  assert.deepEqual(
    (await readdir(folder)).toSorted(),
    [...pages.keys()].toSorted(),
    'A cmdlet more or less? UPDATE=1 writes the pages again.',
  )
  for (const [name, text] of pages) {
    assert.equal(await readFile(join(folder, name), 'utf8'), text, `${name}: a change on purpose? UPDATE=1 writes the pages again.`)
  }
  const index = pages.get('README.md')!
  for (const { name } of site.admin.cmdlets) assert.ok(index.includes(`[${name}](${name}.md)`), name)
})

const row = cmdlet('Set-Thing', {
  summary: 'Changes <things> | all_of_them.',
  roles: ['Mail Recipients'],
  destroys: true,
  parameters: {
    Kind: take.optional(take.oneOf(['Big', 'Small']), { fallback: 'Big', aliases: ['K'] }),
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Mandatory: take.mandatory(take.string(), { summary: 'A | B.' }),
    Names: take.optional(take.nullable(take.listChange(take.string()))),
    Days: take.optional(take.within(take.number(), 1, 7), { position: 1 }),
    On: take.optional(take.switched()),
    Tags: take.optional(take.list(take.oneOf(['x', 'y']))),
  },
  returns: 'Mailbox',
  examples: [{ command: "Set-Thing 'a' -Mandatory b", says: 'Changes one.' }],
  run: async () => undefined,
})

test('the syntax is as PowerShell prints it', () => {
  assert.equal(
    syntaxOf(describe(row)),
    'Set-Thing [-Identity] <Identity> [[-Days] <Int64>] -Mandatory <String> [-Kind {Big | Small}] [-Names <MultiValuedProperty>] [-On] [-Tags <String[]>] [-WhatIf] [-Confirm] [<CommonParameters>]',
  )
})

test('a page tells everything of a parameter, and what would be a mark of Markdown is text', () => {
  const page = cmdletPages([row]).get('Set-Thing.md')!
  assert.ok(page.startsWith('# Set-Thing\n\nChanges \\<things\\> | all\\_of\\_them.\n'))
  for (const line of [
    '| `-Kind` | String | One of `Big`, `Small`. Left out: `Big`. Also `-K`. |',
    '| `-Identity` | Identity | The object: its name, GUID or any other of its identities. Mandatory. Position 0. Takes the pipeline. |',
    '| `-Mandatory` | String | A \\| B. Mandatory. |',
    '| `-Names` | MultiValuedProperty | Takes `@{Add=…; Remove=…}`. `$null` brings the default back. |',
    '| `-Days` | Int64 | How many days from today. Position 1. From 1 up to 7. |',
    'It takes something away: the shell asks before. `-WhatIf` says what would be done; `-Confirm` asks before.',
    'Mailbox, shown with `Name`, `Alias`, `ServerName` and `ProhibitSendQuota`.',
    'Whoever holds Organization Management or Mail Recipients.',
    "Changes one.\n\n```powershell\nSet-Thing 'a' -Mandatory b\n```",
  ])
    assert.ok(page.includes(line), `${line}\n${page}`)
  assert.ok(!page.includes('| `-WhatIf` |'))
})
