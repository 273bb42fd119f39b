import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeAuthorities } from '../../src/server/lab/authorities.ts'
import { openLabFolder } from '../../src/server/lab/lab-folder.ts'
import { labSites } from '../../src/server/lab/lab-layout.ts'
import { labConfigs } from '../../src/server/lab/lab-sites.ts'
import { openZone } from '../../src/server/lab/zone.ts'
import { folderFor } from '../support/command-line.ts'

test('sites and wizards that write the zone of a lab at once lose nothing', async (t) => {
  const folder = await folderFor(t)
  assert.deepEqual(await openZone(folder).findHost('mail.contoso.com'), [])
  const texts = Array.from({ length: 20 }, (_, index) => `proof ${index}`)
  await Promise.all([
    ...labSites.flatMap((site, index) =>
      [1, 2, 3].map(() => openZone(folder).setHosts(site, { [`${site}.example`]: `127.0.0.1:${index + 1}` })),
    ),
    ...texts.map((text) => openZone(folder).addTxt('Contoso.com', text)),
  ])
  const zone = openZone(folder)
  for (const [index, site] of labSites.entries())
    assert.deepEqual(await zone.findHost(`${site}.EXAMPLE`), [{ address: '127.0.0.1', port: index + 1 }])
  await zone.addTxt('contoso.com', texts[0]!)
  assert.deepEqual((await zone.txt('contoso.COM')).toSorted(), texts.toSorted())
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith('.new')),
    [],
  )
})

test('a lab may listen on IPv6, and what a site said before is forgotten when it starts again', async (t) => {
  const zone = openZone(await folderFor(t))
  await zone.setHosts('onprem', { 'mail.contoso.com': '[::1]:8443', 'old.contoso.com': '127.0.0.1:1' })
  assert.deepEqual(await zone.findHost('mail.contoso.com'), [{ address: '::1', port: 8443 }])
  await zone.setHosts('onprem', { 'mail.contoso.com': '127.0.0.1:8443' })
  assert.deepEqual(await zone.findHost('mail.contoso.com'), [{ address: '127.0.0.1', port: 8443 }])
  assert.deepEqual(await zone.findHost('old.contoso.com'), [])
})

test('sites that start at once in a new folder agree on its password and on the authority of each', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const configs = labConfigs({ data, host: '127.0.0.1', portBase: 0, insecureHttp: false, logLevel: 'silent' })
  await Promise.all(
    [1, 2, 3, 4].map(async () => {
      assert.equal(await openLabFolder(data, { fresh: false, password: 'p' }), 'p')
      await makeAuthorities(data, configs)
    }),
  )
  const each = await Promise.all(labSites.map((site) => readFile(join(data, site, 'ca.pem'), 'utf8')))
  assert.equal(await readFile(join(data, 'ca.pem'), 'utf8'), each.join(''))
  assert.deepEqual((await readdir(data)).toSorted(), ['auth', 'ca.pem', 'lab.json', 'online', 'onprem'])
})
