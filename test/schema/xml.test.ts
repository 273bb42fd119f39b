import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal, type Tree } from '#model'
import { childNamed, elementsOf, escapeAttribute, escapeText, readXml, textOf, treeOf, writeTree } from '#wire'

const refuses = (input: Uint8Array | string, code = 'SchemaValidation', limits = {}): Refusal => {
  try {
    readXml(input, limits)
  } catch (error) {
    if (error instanceof Refusal) {
      assert.equal(error.code, code)
      return error
    }
    throw error
  }
  return assert.fail(`not refused: ${String(input).slice(0, 100)}`)
}

const utf16 = (text: string, bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

test('namespaces, attributes and text are resolved; comments are gone', () => {
  const root = readXml(
    '<a:x xmlns:a="urn:a" xmlns="urn:d" p="1" a:q="2"><y>one<!-- no --> two<![CDATA[ <three>]]></y><a:z xmlns:a="urn:other"/></a:x>',
  )
  assert.equal(root.namespace, 'urn:a')
  assert.deepEqual({ ...root.attributes }, { p: '1', '{urn:a}q': '2' })
  const [y, z] = elementsOf(root)
  assert.ok(y && z)
  assert.equal(y.namespace, 'urn:d')
  assert.equal(textOf(y), 'one two <three>')
  assert.equal(z.namespace, 'urn:other')
  assert.equal(z.parent, root)
})

test('the inner XML of an element is what stood there', () => {
  const inner = 'a <b c="1">x &amp; y<br/></b> <![CDATA[<z>]]>\n<i/>'
  for (const close of ['</body>', '</body  >']) {
    const root = readXml(`<r><body t="1">${inner}${close}<empty/><none></none></r>`)
    assert.equal(childNamed(root, 'body')?.inner(), inner)
    assert.equal(childNamed(root, 'empty')?.inner(), '')
    assert.equal(childNamed(root, 'none')?.inner(), '')
  }
})

test('UTF-8 and UTF-16 are read, with and without a byte order mark', () => {
  const text = '<a>\u00e9\u4e2d\u{1f600}</a>'
  const inputs = [
    Buffer.from(text),
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
    Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${text}`),
    Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${text}`),
    utf16(text, false),
    utf16(text, true),
    utf16(`\ufeff<?xml version="1.0" encoding="utf-16"?>${text}`, false),
    utf16(`\ufeff${text}`, true),
  ]
  for (const input of inputs) assert.equal(textOf(readXml(input)), '\u00e9\u4e2d\u{1f600}')
  assert.equal(textOf(readXml(Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00e9</a>', 'latin1'))), '\u00e9')
})

test('broken encodings are refused', () => {
  refuses(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))
  refuses(Buffer.from('<?xml version="1.0" encoding="ebcdic-cp-us"?><a/>'))
  refuses(Buffer.from([0xff, 0xfe, 0x3c, 0x00, 0xd8]))
  refuses(Buffer.alloc(0))
  refuses(Buffer.from([0xc0, 0xaf]))
})

test('document types, entity bombs and external entities are refused', () => {
  refuses('<!DOCTYPE a><a/>')
  refuses('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
  refuses('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')
  const levels = Array.from({ length: 10 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('')
  refuses(`<!DOCTYPE lolz [<!ENTITY l0 "lol">${levels}]><lolz>&l10;</lolz>`)
  refuses('<a>&nbsp;</a>')
})

test('what is not well-formed is refused with its place', () => {
  const bad = [
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<p:a/>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    'x',
    '<a>\u0001</a>',
    '<a b="<"/>',
  ]
  for (const xml of bad) assert.equal(typeof refuses(xml).detail.line, 'number', xml)
  assert.equal(refuses('<a>\n\n  <b></c></a>').detail.line, 3)
})

test('depth, count, attributes and size are bounded', () => {
  refuses('<a>'.repeat(201) + '</a>'.repeat(201))
  assert.ok(readXml('<a>'.repeat(200) + '</a>'.repeat(200)))
  refuses('<a>'.repeat(200_000))
  refuses(`<a>${'<b/>'.repeat(1000)}</a>`, 'SchemaValidation', { nodes: 1000 })
  refuses(`<a ${Array.from({ length: 300 }, (_, at) => `x${at}="1"`).join(' ')}/>`)
  refuses(`<a ${Array.from({ length: 100_000 }, (_, at) => `x${at}="1"`).join(' ')}/>`)
  refuses('<a>123</a>', 'RequestStreamTooBig', { size: 5 })
})

test('hostile documents take time in proportion to their size', () => {
  const size = 4 * 1024 * 1024
  const hostile = [
    `<a b="${'x'.repeat(size)}"/>`,
    `<a>${'<![CDATA[x]]>'.repeat(size / 13)}</a>`,
    `<a>${'&amp;'.repeat(size / 5)}</a>`,
    `<a>${'<b></b   >'.repeat(100_000)}</a>`,
    `<a${' '.repeat(size)}/>`,
    `<!--${'-'.repeat(size)}`,
    `<a>${'<!-- -->'.repeat(size / 8)}</a>`,
    `<${'a'.repeat(size)}/>`,
    `<a>${']'.repeat(size)}`,
    `<?x ${'?'.repeat(size)}`,
    `<!DOCTYPE ${'['.repeat(size)}`,
  ]
  for (const xml of hostile) {
    const began = process.cpuUsage().user
    try {
      readXml(xml)
    } catch (error) {
      assert.ok(error instanceof Refusal, xml.slice(0, 20))
    }
    assert.ok((process.cpuUsage().user - began) / 1e6 < 5, xml.slice(0, 20))
  }
})

test('any bytes are a document or a Refusal', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<a>',
      '</a>',
      '<a/>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&amp;',
      '&x;',
      '<?xml version="1.0"?>',
      '<!DOCTYPE a',
      ' b="c"',
      'xmlns:p="q"',
      '<p:a',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  const document = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.array(piece, { maxLength: 20 }).map((parts) => Buffer.from(parts.join(''))),
  )
  fc.assert(
    fc.property(document, (bytes) => {
      try {
        readXml(bytes)
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 2000) },
  )
})

test('any text survives writing and reading, less what XML cannot carry', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const kept = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '') // eslint-disable-line no-control-regex
      const root = readXml(`<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`)
      assert.equal(textOf(root), kept)
      assert.equal(root.attributes.b, kept)
    }),
    { numRuns: 500 },
  )
})

test('a tree kept as it came is written as it came', () => {
  const tree: Tree = {
    name: 'Periods',
    attributes: { Id: 'a"b' },
    children: [{ name: 'Period', children: ['x & y'] }, { name: 'Period' }],
  }
  const xml = writeTree(tree, 't')
  assert.equal(xml, '<t:Periods Id="a&quot;b"><t:Period>x &amp; y</t:Period><t:Period/></t:Periods>')
  assert.deepEqual(treeOf(readXml(xml.replace('<t:Periods', '<t:Periods xmlns:t="urn:t"'))), tree)
})
