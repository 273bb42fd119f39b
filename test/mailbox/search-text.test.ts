import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conversationTopic } from '../../src/mailbox/items/conversation.ts'
import { wordsOfHtml } from '../../src/mailbox/items/search-text.ts'

test('the words of HTML are what a reader sees', () => {
  const html =
    '<head><title>No</title></head><p>One&amp;two<!-- no --> <b>three</b></p><script>no()</script><STYLE>no</STYLE>&#x41;&nbsp;end'
  assert.deepEqual(wordsOfHtml(html).split(/\s+/).filter(Boolean), ['One&two', 'three', 'A', 'end'])
})

test('hostile markup and subjects cost no more than their length', () => {
  const texts = ['<script>', '<', '<!--', '</script', '<style><script>', '&#', '<b'].map((part) => part.repeat(1_000_000 / part.length))
  for (const text of texts) {
    const start = process.cpuUsage().user
    wordsOfHtml(text)
    assert.ok(process.cpuUsage().user - start < 2_000_000, text.slice(0, 20))
  }
  for (const text of [`re${' '.repeat(10_000)}x`, 're: '.repeat(3000), `re${'['.repeat(10_000)}`, ' '.repeat(10_000)]) {
    const start = process.cpuUsage().user
    conversationTopic(text)
    assert.ok(process.cpuUsage().user - start < 1_000_000, text.slice(0, 20))
  }
  assert.equal(conversationTopic('AW: Re[2]: FW: Plan'), 'Plan')
})
