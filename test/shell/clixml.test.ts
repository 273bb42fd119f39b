/** CLIXML against its published grammar ([MS-PSRP] 2.2.5, as clixml.xsd beside this file), there and back, and in hostile hands. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { XmlDocument, XmlLibError, XsdValidator } from 'libxml2-wasm'
import { ByteSize, Refusal, TimeSpan } from '#model'
import { Block, Guid, SecureText, Table, Thing, type Value } from '#shell'
import { readCliXml, writeCliXml } from '../../src/shell/formats.ts'

async function* from<T>(...values: T[]): AsyncGenerator<T> {
  yield* values
}

async function written(values: Value[], depth?: number): Promise<string> {
  let text = ''
  for await (const piece of writeCliXml(from(...values), depth === undefined ? {} : { depth })) text += piece
  return text
}

const read = (...pieces: (string | Uint8Array)[]): Promise<Value[]> => Array.fromAsync(readCliXml(from(...pieces)))
const document = (body: string): string => `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">${body}</Objs>`

/** What is wrong with a document by the grammar; empty = valid. */
function violations(xml: string): string[] {
  using schema = XmlDocument.fromBuffer(readFileSync(join(import.meta.dirname, 'clixml.xsd')))
  using validator = XsdValidator.fromDoc(schema)
  try {
    using parsed = XmlDocument.fromString(xml)
    validator.validate(parsed)
    return []
  } catch (error) {
    if (error instanceof XmlLibError) return error.details?.map(({ message }) => message) ?? [error.message]
    throw error
  }
}

async function refused(code: string, pattern: RegExp, ...pieces: (string | Uint8Array)[]): Promise<void> {
  await assert.rejects(read(...pieces), (error) => {
    assert.ok(error instanceof Refusal, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, pattern)
    return true
  })
}

const person = new Thing(
  [
    ['Name', 'Ada & <Co> "x"\r\n_x0041_ 😀'],
    ['Size', new ByteSize(1_610_612_736)],
    ['Quota', new ByteSize(Number.POSITIVE_INFINITY)],
    ['Age', new TimeSpan(93_784_500)],
    ['Id', new Guid('3F2504E0-4F89-41D3-9A0C-0305E82C3301')],
    ['When', new Date('2026-11-27T23:34:00.120Z')],
    ['Items', 12],
    ['Bytes', new Uint8Array([1, 2, 255])],
    ['Addresses', ['SMTP:ada@example.com', 'smtp:a@example.com']],
    ['Settings', new Table([['A', 1], ['b', null]], true)],
    ['Big', 9_007_199_254_740_993n],
    ['Huge', 123_456_789_012_345_678_901_234_567_890_123_456n],
  ],
  ['Microsoft.Exchange.Data.Directory.Management.Mailbox', 'System.Object'],
  'Ada',
) // prettier-ignore

test('an object of every kind of value is valid by the grammar and comes back as it was, its types marked as deserialized', async () => {
  const xml = await written([person, 'text', null, true, -0, 1e300, [1, [2, []]], new Thing([['a', 1]])], 5)
  assert.deepEqual(violations(xml), [])
  const [back, ...rest] = await read(xml)
  assert.ok(back instanceof Thing)
  assert.deepEqual(back.types, ['Deserialized.Microsoft.Exchange.Data.Directory.Management.Mailbox', 'Deserialized.System.Object'])
  assert.equal(back.text, 'Ada')
  assert.deepEqual([...back.properties], [...person.properties])
  const plain = new Thing([['a', 1]], ['Deserialized.System.Management.Automation.PSCustomObject', 'Deserialized.System.Object'])
  assert.deepEqual(rest, ['text', null, true, -0, 1e300, [1, [2, []]], plain])
  assert.deepEqual(await read(await written([back], 5)), [back])
})

test('the document is laid out as Export-CliXml lays it out', async () => {
  const objects = [new Thing([['Name', 'John'], ['Age', 30]]), new Thing([['Name', 'Jane'], ['Age', null]])] // prettier-ignore
  assert.equal(
    await written(objects),
    `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
  <Obj RefId="0">
    <TN RefId="0">
      <T>System.Management.Automation.PSCustomObject</T>
      <T>System.Object</T>
    </TN>
    <MS>
      <S N="Name">John</S>
      <I32 N="Age">30</I32>
    </MS>
  </Obj>
  <Obj RefId="1">
    <TNRef RefId="0" />
    <MS>
      <S N="Name">Jane</S>
      <Nil N="Age" />
    </MS>
  </Obj>
</Objs>
`,
  )
})

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
const textish = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('_', 'x', '0', 'A', 'a', '\n', '\ud83d', '\ude00', '\uffff') }),
)
const { value } = fc.letrec<{ value: Value; leaf: Value }>((tie) => ({
  leaf: fc.oneof(
    textish,
    fc.constantFrom<Value>(null, true, false, Number.NaN, Number.POSITIVE_INFINITY, -0),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 120n }),
    fc.date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true }),
    fc.integer({ min: -1e12, max: 1e12 }).map((ms) => new TimeSpan(ms)),
    fc.nat({ max: Number.MAX_SAFE_INTEGER }).map((bytes) => new ByteSize(bytes)),
    fc.uuid().map((text) => new Guid(text)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes)),
  ),
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.tuple(fc.array(fc.tuple(textish, tie('value')), { maxLength: 4 }), fc.boolean()).map(([pairs, ordered]) => new Table(pairs, ordered)),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((pairs) => new Thing(pairs, ['Deserialized.T', 'Deserialized.System.Object'])),
  ),
})) // prettier-ignore

test('whatever values are written are valid by the grammar and come back the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 4 }), fc.nat({ max: 70 }), async (values, at) => {
      const xml = await written(values, 20)
      assert.deepEqual(violations(xml), [])
      assert.deepEqual(await read(xml.slice(0, at), xml.slice(at)), values)
    }),
    { numRuns: 150 },
  )
})

test('an object that comes twice is written once; one that holds itself is written and read', async () => {
  const table = new Table([['self', null]])
  table.set('self', table)
  const shared = new Thing([['a', 1]])
  const xml = await written([[shared, shared], table], 10)
  assert.equal(xml.match(/<I32/g)?.length, 1)
  assert.deepEqual(violations(xml), [])
  const [pair, again] = (await read(xml)) as [Value[], Table]
  assert.equal(pair[0], pair[1])
  assert.equal(again.get('self'), again)
})

test('what lies deeper than -Depth is written as its text', async () => {
  const deep = new Thing([['one', new Thing([['two', new Thing([['three', new Thing([['four', 4]])]])]])]])
  const [back] = (await read(await written([deep]))) as [Thing]
  assert.equal(((back.get('one') as Thing).get('two') as string), '@{three=@{four=4}}') // prettier-ignore
  await assert.rejects(written([deep], 0), { code: 'InvalidParameter' })
})

test('a secret text is not written, and one in a document is not taken for anything else', async () => {
  const credential = new Thing([['UserName', 'ada'], ['Password', new SecureText('hunter2')]]) // prettier-ignore
  await assert.rejects(written([credential]), (error) => error instanceof Refusal && error.code === 'UnsupportedTypeForConversion' && /Password/.test(error.message) && !/hunter2/.test(error.message)) // prettier-ignore
  await refused(
    'UnsupportedTypeForConversion',
    /Password/,
    document('<Obj RefId="0"><Props><S N="UserName">ada</S><SS N="Password">0100</SS></Props></Obj>'),
  )
})

test('a script block is written as one, and what is read is its text, which nobody runs', async () => {
  const xml = await written([new Block('Get-Mailbox | % { $_ }', null)])
  assert.match(xml, /<SBK>Get-Mailbox \| % \{ \$_ \}<\/SBK>/)
  assert.deepEqual(violations(xml), [])
  assert.deepEqual(await read(xml), ['Get-Mailbox | % { $_ }'])
})

test('every primitive type of the specification is read ([MS-PSRP] 2.2.5.1)', async () => {
  const body = `<S>This is a string</S><C>97</C><B>true</B><DT>2008-04-11T10:42:32.2731993-07:00</DT><TS>PT9.0269026S</TS><By>254</By><SB>-127</SB>
    <U16>65535</U16><I16>-32767</I16><U32>4294967295</U32><I32>-2147483648</I32><U64>18446744073709551615</U64><I64>-9223372036854775808</I64>
    <Sg>12.34</Sg><Db>12.34</Db><D>12.34</D><BA>AQIDBA==</BA><G>792e5b37-4505-47ef-b7d2-8711bb7affa8</G><URI>http://www.microsoft.com/</URI><Nil />
    <Version>6.2.1.3</Version><XD>&lt;item&gt;laptop&lt;/item&gt;</XD><SBK>get-command -type cmdlet</SBK>`
  assert.deepEqual(violations(document(body)), [])
  assert.deepEqual(await read(document(body)), [
    'This is a string', 'a', true, new Date('2008-04-11T17:42:32.273Z'), new TimeSpan(9027), 254, -127, 65_535, -32_767, 4_294_967_295, -2_147_483_648,
    18_446_744_073_709_551_615n, -9_223_372_036_854_775_808n, 12.34, 12.34, 12.34, new Uint8Array([1, 2, 3, 4]),
    new Guid('792e5b37-4505-47ef-b7d2-8711bb7affa8'), 'http://www.microsoft.com/', null, '6.2.1.3', '<item>laptop</item>', 'get-command -type cmdlet',
  ]) // prettier-ignore
})

test('documents as Windows PowerShell writes them are read: UTF-16, adapted and extended properties, property sets, enumerations, containers', async () => {
  const body = `
    <Obj RefId="RefId-0"><TN RefId="RefId-0"><T>System.Drawing.Point</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>{X=10,Y=20}</ToString>
      <Props><B N="IsEmpty">false</B><I32 N="X">10</I32></Props>
      <MS><S N="Note">An _x000A_extended one</S><MS N="Set"><S N="Inner">in a set</S></MS></MS></Obj>
    <Obj RefId="RefId-1"><TN RefId="RefId-1"><T>System.ConsoleColor</T><T>System.Enum</T><T>System.ValueType</T><T>System.Object</T></TN><ToString>Blue</ToString><I32>9</I32></Obj>
    <Obj RefId="RefId-2"><TN RefId="RefId-2"><T>System.Collections.Hashtable</T><T>System.Object</T></TN>
      <DCT><En><I32 N="Key">1</I32><S N="Value">one</S></En><En><S N="Key">Two</S><Ref N="Value" RefId="RefId-0" /></En></DCT></Obj>
    <Obj RefId="RefId-3"><TN RefId="RefId-3"><T>System.Collections.Queue</T></TN><QUE><I32>1</I32><Nil /></QUE></Obj>
    <Obj RefId="RefId-4"><STK><S>a</S></STK></Obj><Obj RefId="RefId-5"><IE><S>b</S></IE></Obj>
    <Obj RefId="RefId-6"><S>text</S><MS><I32 N="Length2">4</I32></MS></Obj>
    <Obj RefId="RefId-7"><MS><S N="Name">before its type</S></MS><TNRef RefId="RefId-0" /></Obj>`
  const xml = `\r\n${document(body)}\r\n`.replaceAll('\n', '\r\n').trim()
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, 'utf16le')])
  const [point, colour, table, queue, stack, list, text, late] = await read(
    bytes.subarray(0, 1),
    bytes.subarray(1, 501),
    bytes.subarray(501),
  )
  const types = ['Deserialized.System.Drawing.Point', 'Deserialized.System.ValueType', 'Deserialized.System.Object']
  const expected = new Thing([['IsEmpty', false], ['X', 10], ['Note', 'An \nextended one'], ['Inner', 'in a set']], types, '{X=10,Y=20}') // prettier-ignore
  assert.deepEqual(point, expected)
  assert.equal(colour, 'Blue')
  assert.deepEqual(table, new Table([['1', 'one'], ['Two', expected]])) // prettier-ignore
  assert.deepEqual([queue, stack, list, text], [[1, null], ['a'], ['b'], 'text'])
  assert.deepEqual(late, new Thing([['Name', 'before its type']], types))
})

test('values come while the document is still being read', async () => {
  let given = 0
  const source = async function* (): AsyncGenerator<string> {
    yield document('').replace('</Objs>', '')
    while (true) {
      given++
      yield `<I32>${given}</I32>`
    }
  }
  for await (const value of readCliXml(source())) if (value === 5) break
  assert.ok(given < 10, `${given} pieces were asked for`)
})

test('what is tampered with is refused, with where it is', async () => {
  await refused('ScriptProblem', /document type declaration/, `<!DOCTYPE a [<!ENTITY b "c">]>${document('')}`)
  await refused('ScriptProblem', /line 1, column/, document('<Obj RefId="0"><LST>'))
  await refused('ScriptProblem', /refers to the object 7/, document('<Ref RefId="7" />'))
  await refused('ScriptProblem', /refers to the type names 7/, document('<Obj RefId="0"><TNRef RefId="7" /></Obj>'))
  await refused(
    'ScriptProblem',
    /two objects have the RefId 0/,
    document('<Obj RefId="0"><Obj RefId="0"/></Obj>'.replace('<Obj RefId="0"/>', '<LST><Obj RefId="0" /></LST>')),
  )
  await refused('ScriptProblem', /more than one value/, document('<Obj RefId="0"><LST /><DCT /></Obj>'))
  await refused('ScriptProblem', /<PR> is not known/, document('<PR />'))
  await refused('ScriptProblem', /may not stand in <Objs>/, document('<LST />'))
  await refused('ScriptProblem', /no name/, document('<Obj RefId="0"><MS><S>x</S></MS></Obj>'))
  await refused('ScriptProblem', /lacks its key/, document('<Obj RefId="0"><DCT><En><S N="Key">x</S></En></DCT></Obj>'))
  await refused('ScriptProblem', /text in <LST>/, document('<Obj RefId="0"><LST>hello</LST></Obj>'))
  await refused('ScriptProblem', /is no value of <I32>/, document('<I32>2147483648</I32>'))
  for (const bad of [
    '<By>-1</By>',
    '<B>True</B>',
    '<B>constructor</B>',
    '<Db>toString</Db>',
    '<DT>2026-02-30</DT>',
    '<TS>P</TS>',
    '<G>x</G>',
    '<BA>A</BA>',
    '<Db>one</Db>',
    '<C>65536</C>',
    '<D>1e5</D>',
  ]) {
    assert.notDeepEqual(violations(document(bad)), [], bad)
    await refused('ScriptProblem', /is no value/, document(bad))
  }
  await refused('ScriptProblem', /not in the namespace/, '<Objs Version="1.1.0.1"/>')
  await refused('ScriptProblem', /version is "2.0"/, document('').replace('1.1.0.1', '2.0'))
  await refused('ScriptProblem', /begins with <S>/, '<S xmlns="http://schemas.microsoft.com/powershell/2004/04"/>')
  await refused('ScriptProblem', /./, '')
  await refused('ScriptProblem', /not text in utf-8/, new Uint8Array([0x3c, 0xff, 0x80]))
})

test('size, depth and number are bounded, and references do not multiply', async () => {
  await refused('ScriptLimit', /deeper than 300/, document(Array.from({ length: 400 }, (_one, at) => `<Obj RefId="${at}"><LST>`).join('')))
  await refused(
    'ScriptLimit',
    /larger than 67108864/,
    document('').slice(0, -7),
    ...Array.from({ length: 65 }, () => `<S>${'a'.repeat(1024 * 1024)}</S>`),
  )
  await assert.rejects(Array.fromAsync(readCliXml(from(document('<Nil/>'.repeat(11))), { elements: 10 })), { code: 'ScriptLimit' })
  await assert.rejects(Array.fromAsync(readCliXml(from(document('<Obj RefId="1"/><Obj RefId="2"/>')), { objects: 1 })), {
    code: 'ScriptLimit',
  })
  const layers = Array.from(
    { length: 60 },
    (_one, at) => `<Obj RefId="${at + 1}"><LST>${`<Ref RefId="${at}"/>`.repeat(10)}</LST></Obj>`,
  ).join('')
  const values = await read(document(`<Obj RefId="0"><LST><S>ha</S></LST></Obj>${layers}`))
  assert.equal(values.length, 61)
  assert.ok((await written([values.at(-1)!], 100)).length < 200_000)
})

test('a long export takes memory of one object', async () => {
  const objects = async function* (): AsyncGenerator<Value> {
    for (let at = 0; at < 50_000; at++) yield new Thing([['Name', `n${at}`], ['At', at]]) // prettier-ignore
  }
  let longest = 0
  let count = 0
  for await (const piece of writeCliXml(objects())) {
    longest = Math.max(longest, piece.length)
    count++
  }
  assert.equal(count, 50_002)
  assert.ok(longest < 1000)
})
