import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '#server'

const good = { organisation: { name: 'Contoso', domain: 'contoso.com' }, listeners: { https: { port: 8443 } } }

test('a short configuration is filled with what is usual', () => {
  const result = readConfig(good)
  assert.ok('config' in result)
  assert.equal(result.config.listeners.https?.host, '127.0.0.1')
  assert.equal(result.config.smtp.maxMessageSize, 36 * 1024 * 1024)
  assert.deepEqual(result.config.metricsFrom, ['127.0.0.1', '::1'])
})

test('every problem is named with its path at once, unknown keys too', () => {
  const result = readConfig({
    ...good,
    organisation: { name: '', domain: 'not a domain' },
    listeners: { https: { port: 99999, hots: 'x' }, http: { host: '0.0.0.0', port: 80 } },
    colour: 'red',
    log: { level: 'loud' },
    database: 'mysql://x',
  })
  assert.ok('problems' in result)
  const paths = result.problems.map((problem) => problem.path)
  for (const path of [
    'organisation.name',
    'organisation.domain',
    'listeners.https.port',
    'listeners.https.hots',
    'colour',
    'log.level',
    'database',
  ]) {
    assert.ok(paths.includes(path), `${path} in ${paths.join(' ')}`)
  }
})

test('plain HTTP needs to be asked for, and a loopback address', () => {
  const paths = (value: object) => {
    const result = readConfig({ ...good, ...value })
    return 'problems' in result ? result.problems.map((problem) => problem.path) : []
  }
  assert.deepEqual(paths({ listeners: { http: { port: 80 } } }), ['listeners.http'])
  assert.deepEqual(paths({ listeners: { http: { host: '192.0.2.1', port: 80 } }, insecureHttp: true }), ['listeners.http.host'])
  assert.deepEqual(paths({ listeners: { http: { host: '127.0.0.2', port: 80 } }, insecureHttp: true }), [])
  assert.deepEqual(paths({ listeners: {} }), ['listeners.https'])
  assert.deepEqual(paths({ database: 'postgres://localhost/isthmus' }), ['data'])
})
