import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartProblem } from '#server'
import { readPlan } from '../../src/server/commands/read-plan.ts'
import { folderFor } from '../support/command-line.ts'

const answers = {
  domains: ['Contoso.com', 'contoso.com', 'example.net'],
  onlineDomain: 'Contoso.Online.example',
  authService: 'https://Login.online.example/',
  onPremises: { url: 'https://mail.contoso.com/', autodiscover: 'HTTPS://autodiscover.contoso.com:443/', mail: 'MX.contoso.com' },
  online: { url: 'https://outlook.online.example:8443/' },
}

test('a plan is read as the wizard compares: lower case, addresses without a path', async (t) => {
  const file = join(await folderFor(t), 'plan.json')
  await writeFile(file, JSON.stringify(answers))
  assert.deepEqual(await readPlan(file), {
    domains: ['contoso.com', 'example.net'],
    onlineDomain: 'contoso.online.example',
    authService: 'https://login.online.example',
    onPremises: { url: 'https://mail.contoso.com', autodiscover: 'https://autodiscover.contoso.com', mail: 'mx.contoso.com' },
    online: { url: 'https://outlook.online.example:8443' },
    features: ['FreeBusy', 'MailTips', 'SecureMail'],
    federation: true,
    oauth: true,
  })
})

test('each mistake in a plan is named with its place and what is expected', async (t) => {
  const file = join(await folderFor(t), 'plan.json')
  const refused = async (wrong: object, expected: RegExp) => {
    await writeFile(file, JSON.stringify({ ...answers, ...wrong }))
    await assert.rejects(readPlan(file), (error) => {
      assert.ok(error instanceof StartProblem)
      assert.match(error.message, expected)
      assert.match(error.advice, /docs\/hybrid\.md/)
      return true
    })
  }
  await refused({ authService: 'https://login.online.example/adfs' }, /authService: .*without a path.*https:\/\/login\.online\.example/)
  await refused({ online: { url: 'https://outlook.online.example/?a=1' } }, /online\.url: .*without a path/)
  await refused({ online: { url: 'https://me:secret@outlook.online.example' } }, /online\.url: .*without a path/)
  await refused({ online: { url: 'http://outlook.online.example' } }, /online\.url: /)
  await refused({ onlineDomain: 'not a domain' }, /onlineDomain: not a domain name/)
  await refused({ onPremises: { ...answers.onPremises, mail: 'mx.contoso.com:25' } }, /onPremises\.mail: not a domain name/)
  await refused({ domains: [], colour: 1 }, /domains: .*\n.*colour/s)
})
