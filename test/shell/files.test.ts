import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { filesHere } from '../../src/server/commands/shell/files.ts'
import { placeOf } from '../../src/server/commands/shell/paths.ts'
import { harmless, styled } from '../../src/server/commands/shell/style.ts'
import { refusal } from '../admin/desk.ts'
import { folderFor } from '../support/command-line.ts'

const signal = new AbortController().signal
const whole = async (text: AsyncIterable<string>) => (await Array.fromAsync(text)).join('')
async function* pieces(...parts: string[]): AsyncGenerator<string> {
  yield* parts
}

test('paths as scripts for Exchange write them: drives, backslashes, home', () => {
  assert.match(placeOf('c:\\temp\\movereport.xml', '/here', 'linux'), /\/drives\/c\/temp\/movereport\.xml$/)
  assert.match(placeOf(String.raw`d:\..\..\etc\passwd`, '/here', 'linux'), /\/drives\/d\/etc\/passwd$/, 'a drive is not left')
  assert.equal(placeOf('reports\\may.csv', '/here', 'linux'), '/here/reports/may.csv')
  assert.equal(placeOf('/srv/x.csv', '/here', 'linux'), '/srv/x.csv')
  assert.doesNotMatch(placeOf('~/x', '/here', 'linux'), /~/)
})

test('a file is written as a whole: a script that breaks off leaves the old one', async (t) => {
  const folder = await folderFor(t)
  const files = filesHere(() => folder)
  await files.writeText('a.csv', pieces('one\n', 'two\n'), { signal })
  assert.equal(await whole(files.readText('a.csv', { signal })), 'one\ntwo\n')
  async function* broken(): AsyncGenerator<string> {
    yield 'half'
    throw new Error('broke off')
  }
  await assert.rejects(files.writeText('a.csv', broken(), { signal }), /broke off/)
  assert.equal(await whole(files.readText('a.csv', { signal })), 'one\ntwo\n')
  assert.deepEqual(await readdir(folder), ['a.csv'], 'nothing is left behind')
  await files.writeText('a.csv', pieces('three\n'), { append: true, signal })
  assert.equal(await whole(files.readText('a.csv', { signal })), 'one\ntwo\nthree\n')
  await assert.rejects(files.writeText('a.csv', pieces('x'), { noClobber: true, signal }), refusal('NameTaken', /NoClobber/))
})

test('what is not there, may not be or is too large is told with the path as it was written', async (t) => {
  const folder = await folderFor(t)
  const files = filesHere(() => folder)
  await assert.rejects(whole(files.readText('none.txt', { signal })), refusal('ObjectNotFound', /'none\.txt'/))
  await mkdir(join(folder, 'sub'))
  await assert.rejects(files.readBytes('sub', { signal }), refusal('InvalidParameter', /folder/))
  await assert.rejects(files.writeText('x', pieces('x'), { encoding: 'ebcdic', signal }), refusal('InvalidParameter', /utf8, /))
  assert.equal(await files.exists('none.txt'), false)
  assert.equal(await files.exists('sub'), true)
})

test('encodings are those the file says of itself, or that the script names', async (t) => {
  const folder = await folderFor(t)
  const files = filesHere(() => folder)
  await files.writeText('u.txt', pieces('Grüße ✓'), { encoding: 'Unicode', signal })
  assert.deepEqual([...(await readFile(join(folder, 'u.txt'))).subarray(0, 2)], [0xff, 0xfe])
  assert.equal(await whole(files.readText('u.txt', { signal })), 'Grüße ✓')
  await files.writeText('b.txt', pieces('é'), { encoding: 'utf8BOM', signal })
  assert.equal(await whole(files.readText('b.txt', { signal })), 'é')
  await writeFile(join(folder, 'l.txt'), Buffer.from('é', 'latin1'))
  assert.equal(await whole(files.readText('l.txt', { encoding: 'latin1', signal })), 'é')
})

test('bytes come back as they were', async (t) => {
  const folder = await folderFor(t)
  const files = filesHere(() => folder)
  await files.writeBytes('p\\photo.jpg', Buffer.from([0, 255, 10, 13]), { signal })
  assert.deepEqual([...(await files.readBytes('p/photo.jpg', { signal }))], [0, 255, 10, 13])
  assert.equal((await stat(join(folder, 'p'))).isDirectory(), true)
})

test('what a mailbox holds cannot act on the terminal', () => {
  assert.equal(harmless('a\u001b[2Jb\u0007\r\n'), 'a\ufffd[2Jb\ufffd\n')
  assert.equal(styled('x', { foreground: 'Red' }, true), '\u001b[91mx\u001b[0m')
  assert.equal(styled('x', { foreground: 'Red' }, false), 'x')
})
