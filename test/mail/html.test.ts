import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterHtml, htmlToText, normalisedBody, preview, textToHtml, uniqueBody } from '#wire'

test('html as text', () => {
  assert.equal(
    htmlToText('<style>p{}</style><p>one <b>two</b></p><script>evil()</script><p>&auml; three</p><img src="x">'),
    'one two\n\nä three',
  )
  assert.equal(htmlToText('<h1>Title</h1><a href="https://x.example">link</a>'), 'Title\n\nlink')
})

test('text as html shows the same', () => {
  assert.equal(textToHtml('a <b> & "c"\r\nd   e'), 'a &lt;b&gt; &amp; &quot;c&quot;<br>\r\nd&nbsp;&nbsp; e')
})

test('a preview is one line of at most 256 characters', () => {
  assert.equal(preview({ type: 'HTML', value: '<div>one</div>\r\n<div>two</div>' }), 'one two')
  assert.equal(preview({ type: 'Text', value: 'x '.repeat(1000) }).length, 256)
})

const acts: readonly string[] = [
  '<script>evil()</script>', '<p onclick="evil()">x</p>', '<a href="javascript:evil()">x</a>', '<img src=x onerror=evil()>', '<svg><script>evil()</script></svg>',
  '<iframe srcdoc="evil()"></iframe>', '<form action="https://evil()"><input></form>', '<style>@import "evil()"</style>', '<math><mtext><script>evil()</script></mtext></math>',
  '<a href=" &#106;avascript:evil()">x</a>', '<object data="evil()"></object>', '<p style="background:url(evil())">x</p>', '<meta http-equiv="refresh" content="0;url=evil()">',
  '<noscript><p title="</noscript><img src=x onerror=evil()>">', '<base href="evil()">', '<a href="data:text/html,evil()">x</a>',
] // prettier-ignore
for (const html of acts) {
  test(`filtered: ${html}`, () =>
    assert.doesNotMatch(
      filterHtml(html).replace(/&quot;|&lt;|&gt;/g, ''),
      /<script|\son\w+=|javascript:|srcdoc|<style|<form|refresh|<base|data:text/i,
    ))
}

test('what does not act stays', () => {
  const html = '<p align="center">x <b>y</b> <a href="https://x.example" title="t">z</a><img src="cid:1" alt="a" /></p>'
  assert.equal(filterHtml(html), html)
})

const replies: { name: string; type: 'HTML' | 'Text'; value: string; own: string }[] = [
  { name: 'Outlook text', type: 'Text', value: 'yes\r\n\r\n-----Original Message-----\r\nFrom: x\r\n', own: 'yes' },
  { name: 'a line of underscores', type: 'Text', value: 'yes\r\n________________________________\r\nFrom: x', own: 'yes' },
  { name: 'On … wrote', type: 'Text', value: 'yes\n\nOn Mon, 1 Jan 2026, Mary wrote:\n> no', own: 'yes' },
  { name: 'quoted text', type: 'Text', value: 'yes\n> no', own: 'yes' },
  { name: 'nothing quoted', type: 'Text', value: 'yes > no', own: 'yes > no' },
  { name: 'Gmail', type: 'HTML', value: '<div><p>yes</p><div class="gmail_quote">no</div></div>', own: '<div><p>yes</p></div>' },
  {
    name: 'Outlook',
    type: 'HTML',
    value: '<html><body><p>yes</p><hr><div id="divRplyFwdMsg">no</div></body></html>',
    own: '<html><body><p>yes</p><hr></body></html>',
  },
  { name: 'a quotation', type: 'HTML', value: '<p>yes</p><blockquote>no</blockquote>', own: '<p>yes</p>' },
]
for (const { name, type, value, own } of replies) test(`unique body: ${name}`, () => assert.equal(uniqueBody({ type, value }).value, own))

test('a normalised body is one safe document', () => {
  assert.match(normalisedBody({ type: 'Text', value: 'a<b' }).value, /^<html>.*a&lt;b.*<\/html>$/s)
  assert.equal(normalisedBody({ type: 'HTML', value: '<p>x</p><script>y</script>' }).value, '<html><body><p>x</p></body></html>')
})

for (const [name, html] of Object.entries({
  'nested 100,000 deep': '<div>'.repeat(100_000),
  '200,000 tables': '<table>'.repeat(200_000),
  'attributes without end': `<p ${'a="b" '.repeat(100_000)}>`,
  'one unclosed tag': `<a ${'<'.repeat(500_000)}`,
  quotations: '<blockquote>'.repeat(100_000),
})) {
  test(`hostile html: ${name}`, () => {
    const before = process.cpuUsage()
    for (const read of [
      htmlToText,
      filterHtml,
      (value: string) => preview({ type: 'HTML', value }),
      (value: string) => uniqueBody({ type: 'HTML', value: `x${value}` }),
    ])
      read(html)
    const { user } = process.cpuUsage(before)
    assert.ok(user < 5_000_000, `${user / 1000} ms`)
  })
}
