import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseLine } from '#admin'
import { Refusal } from '#model'

const elements = (line: string) => parseLine(`X ${line}`).elements
const parameter = (name: string, value?: unknown) => (value === undefined ? { parameter: name } : { parameter: name, value })
const value = (one: unknown) => ({ value: one })

test('one command is read as the shell reads it', () => {
  assert.deepEqual(parseLine("  Set-OrganizationRelationship -Identity 'To online' -FreeBusyAccessLevel AvailabilityOnly "), {
    name: 'Set-OrganizationRelationship',
    elements: [parameter('Identity'), value('To online'), parameter('FreeBusyAccessLevel'), value('AvailabilityOnly')],
  })
  assert.deepEqual(parseLine('Get-AuthConfig'), { name: 'Get-AuthConfig', elements: [] })
  const cases: [string, object[]][] = [
    ['-Force', [parameter('Force')]],
    ['-Confirm:$false', [parameter('Confirm', false)]],
    ['-Confirm: $TRUE', [parameter('Confirm', true)]],
    ['-A $null', [parameter('A'), value(null)]],
    ["-A 'it''s'", [parameter('A'), value("it's")]],
    ['-A "say ""hi"" for 5$"', [parameter('A'), value('say "hi" for 5$')]],
    ["-A 'a|b;c $(d)'", [parameter('A'), value('a|b;c $(d)')]],
    ['-A a, b,c', [parameter('A'), value(['a', 'b', 'c'])]],
    ["-A @('a', 'b')", [parameter('A'), value(['a', 'b'])]],
    ['-A @()', [parameter('A'), value([])]],
    ["-A @{Add='x'; Remove='y','z';}", [parameter('A'), value({ Add: 'x', Remove: ['y', 'z'] })]],
    ["-A @{ 'Add' = @('x') }", [parameter('A'), value({ Add: ['x'] })]],
    ['-A @{}', [parameter('A'), value({})]],
    ['-A -5', [parameter('A'), value('-5')]],
    ['mary@contoso.com 007', [value('mary@contoso.com'), value('007')]],
    ['-A https://x.com/a?b=c%20d', [parameter('A'), value('https://x.com/a?b=c%20d')]],
    // As text comes out of a blog post: en dash and typographic quotes.
    ['\u2013Identity \u201cTo online\u201d \u2013A \u2018b\u2019', [parameter('Identity'), value('To online'), parameter('A'), value('b')]],
    ["-A ''", [parameter('A'), value('')]],
  ]
  for (const [line, expected] of cases) assert.deepEqual(elements(line), expected, line)
  assert.equal(parseLine('Get\u2013AuthConfig').name, 'Get-AuthConfig')
})

test('what is more than one command is refused by its name, with its position', () => {
  const cases: [string, RegExp, number][] = [
    ['Get-Mailbox | Remove-Mailbox', /a pipeline \('\|'\)/, 13],
    ['Get-Mailbox; Get-Mailbox', /a second command/, 12],
    ['Get-Mailbox\nGet-Mailbox', /a second command/, 12],
    ['Get-Mailbox $mary', /a variable \('\$'\)/, 13],
    ['Get-Mailbox -Identity $true.Name', /a variable/, 23],
    ['Get-Mailbox "$mary"', /a variable/, 14],
    ['Get-Mailbox "$(1)"', /an expression/, 14],
    ['Get-Mailbox "a`nb"', /an escape/, 15],
    ['Get-Mailbox (Get-User)', /an expression \('\('\)/, 13],
    ['Get-Mailbox @args', /a splatted variable/, 13],
    ['Get-Mailbox > file', /a redirection/, 13],
    ['Get-Mailbox -Filter {Name -eq 1}', /a script block/, 21],
    ['Get-Mailbox & x', /a call operator/, 13],
    ['& Get-Mailbox', /a call operator/, 1],
    ['Get-Mailbox # all', /a comment/, 13],
    ["Get-Mailbox 'mary", /the quote is not closed/, 13],
    ["Get-Mailbox 'mary'x", /'x' stands where a space is expected/, 19],
    ['Get-Mailbox @(a, b', /the list is not closed/, 13],
    ['Get-Mailbox @{Add=a', /the table is not closed/, 13],
    ['Get-Mailbox @{Add a}', /= after 'Add'/, 19],
    ['Get-Mailbox @{Add=a;ADD=b}', /'ADD' is there twice/, 21],
    ['Get-Mailbox -A:', /a value of -A is missing/, 16],
    ['Get-Mailbox - ', /the name of a parameter is missing/, 14],
    ['Get-Mailbox a,', /a value is missing/, 15],
    ['', /the name of a cmdlet is missing/, 1],
    [`X ${'@('.repeat(12)}`, /more than 8 lists/, 21],
  ]
  for (const [line, message, position] of cases) {
    assert.throws(
      () => parseLine(line),
      (error) => {
        assert.ok(error instanceof Refusal, `${line}: ${error}`)
        assert.equal(error.code, 'InvalidRequest')
        assert.match(error.message, message, line)
        assert.equal(error.detail.position, position, `${line}: ${error.message}`)
        return true
      },
    )
  }
  assert.throws(() => parseLine(`X ${'a'.repeat(70_000)}`), /at most 65536 characters/)
})

test('whatever is written, it is read or refused, and what is quoted comes back', () => {
  const pieces = fc.constantFrom(
    '-',
    '\u2013',
    ':',
    "'",
    '"',
    '\u2019',
    '@{',
    '@(',
    ')',
    '}',
    ',',
    ';',
    '=',
    '$',
    '$true',
    '$null',
    '`',
    '|',
    'Add',
    ' ',
    'x',
    '\n',
    '5',
  )
  const lines = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(pieces, { maxLength: 40 }).map((parts) => `X ${parts.join('')}`)) // prettier-ignore
  fc.assert(
    fc.property(lines, (line) => {
      try {
        parseLine(line)
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'InvalidRequest', String(error))
      }
    }),
    { numRuns: 5000 },
  )
  const quote = (text: string) => `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 4 }), (texts) => {
      const read = elements(`-A ${texts.map(quote).join(', ')}`)
      assert.deepEqual(read, [parameter('A'), value(texts.length === 1 ? texts[0] : texts)])
    }),
    { numRuns: 1000 },
  )
  const started = performance.now()
  for (const bomb of ['@{'.repeat(30_000), "'".repeat(60_000), 'a,'.repeat(30_000), '-a '.repeat(20_000)])
    assert.ok(bomb.length && (() => { try { parseLine(`X ${bomb}`) } catch (error) { assert.ok(error instanceof Refusal) } return true })()) // prettier-ignore
  assert.ok(performance.now() - started < 2000)
})
