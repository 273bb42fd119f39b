/** What Isthmus writes in PowerShell, read by a grammar of PowerShell that is not its own (tree-sitter-powershell). */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { before, test } from 'node:test'
import { Language, Parser, type Node } from 'web-tree-sitter'
import { startTestSite } from '../support/site.ts'

const parser = { read: undefined as Parser | undefined }

before(async () => {
  await Parser.init()
  const grammar = await readFile(fileURLToPath(import.meta.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')))
  parser.read = new Parser().setLanguage(await Language.load(grammar))
})

/** What the grammar cannot read, with its place. */
function strangePlaces(text: string): string[] {
  const tree = parser.read!.parse(text.replace(/^\ufeff/, ''))!
  const found: string[] = []
  const walk = (node: Node): void => {
    if (node.isError || node.isMissing)
      return void found.push(`line ${node.startPosition.row + 1}, column ${node.startPosition.column + 1}: ${node.text.slice(0, 80)}`)
    if (node.hasError) for (const child of node.children) if (child) walk(child)
  }
  walk(tree.rootNode)
  tree.delete()
  return found
}

test('the grammar finds what is no PowerShell', () => {
  assert.deepEqual(strangePlaces("function Get-It {\n  param([string]$Name)\n  if ($Name) { 'x' }\n}"), [])
  assert.equal(strangePlaces('if (1 { 2 }').length, 1)
})

test('the module and its manifest that a site serves are PowerShell', async () => {
  await using site = await startTestSite()
  for (const file of ['Isthmus.psm1', 'Isthmus.psd1']) {
    const { status, body } = await site.call(`/adminapi/module/${file}`)
    assert.equal(status, 200)
    assert.deepEqual(strangePlaces(body), [], file)
  }
})

test('the script that fills the lab is PowerShell', async () => {
  const script = await readFile(new URL('../../src/server/lab/lab.ps1', import.meta.url), 'utf8')
  assert.deepEqual(strangePlaces(script), [])
})
