import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openClientFiles } from '../../src/protocols/web/client-files.ts'

test('the page comes with a policy of its own, files for ever, and what is not built says how to build it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-test-'))
  try {
    const files = openClientFiles(folder)
    assert.throws(() => files.page('abc', {}, 'mail'), /npm run build/)
    assert.equal(files.asset('index-abc.js'), undefined)
    mkdirSync(join(folder, 'assets'))
    mkdirSync(join(folder, '.vite'))
    const part = (file: string, imports: string[]) => ({ file: `assets/${file}`, imports, css: [] })
    const manifest = {
      'index.html': { ...part('index-abc.js', []), dynamicImports: ['_main.js'] },
      '_main.js': part('main-m.js', ['index.html']),
      'mail/mail.tsx': { ...part('mail-d.js', ['index.html', '_parts.js', 'mail/mail.tsx']), css: ['assets/mail-e.css'] },
      '_parts.js': part('parts-f.js', ['index.html', 'mail/mail.tsx']),
    }
    writeFileSync(join(folder, '.vite/manifest.json'), JSON.stringify(manifest))
    writeFileSync(
      join(folder, 'index.html'),
      '<head><meta property="csp-nonce" nonce="%NONCE%"></head><script nonce="%NONCE%" src="/owa/assets/index-abc.js"></script><script id="answers">%ANSWERS%</script>',
    )
    writeFileSync(join(folder, 'assets/index-abc.js'), 'go()')
    writeFileSync(join(folder, 'assets/notes.txt'), 'not to be served')
    const page = files.page('abc', { session: { name: '</script><script>x()</script>$&' } }, '__proto__')
    assert.equal(String(page.body).match(/nonce="abc"/g)?.length, 3)
    const [, data = ''] = /id="answers">([^<]*)<\/script>$/.exec(String(page.body)) ?? []
    assert.deepEqual(JSON.parse(data), { session: { name: '</script><script>x()</script>$&' } }, 'what people are called ends no script')
    const links = [...String(files.page('abc', {}, 'mail').body).matchAll(/<link rel="(\w+)" crossorigin href="([^"]+)" nonce="abc">/g)]
    assert.deepEqual(
      links.map(([, rel, href]) => [rel, href]),
      [
        ['modulepreload', '/owa/assets/main-m.js'],
        ['modulepreload', '/owa/assets/mail-d.js'],
        ['stylesheet', '/owa/assets/mail-e.css'],
        ['modulepreload', '/owa/assets/parts-f.js'],
      ],
      'what an area is made of is fetched beside the page',
    )
    const policy = String(page.headers['content-security-policy'])
    assert.match(policy, /script-src 'self';/)
    assert.match(policy, /style-src 'self' 'nonce-abc';/)
    assert.match(policy, /require-trusted-types-for 'script'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.equal(page.headers['cache-control'], 'no-store')
    assert.equal(files.asset('index-abc.js')?.headers['cache-control'], 'public, max-age=31536000, immutable')
    for (const name of ['notes.txt', '../index.html', '', '__proto__']) assert.equal(files.asset(name), undefined)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
