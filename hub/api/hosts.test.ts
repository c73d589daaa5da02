import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { openAim, openHosts } from './hosts.ts'

const isOwn = openHosts(['Lots.County.example', 'fd00::5'])
const aim = openAim(isOwn)

it.each([
  ...['localhost', 'LOCALHOST:8080', 'localhost.', '127.0.0.1:8443', '[::1]:8080', '[fd00::5]', '203.0.113.9', 'lots.county.example:443'],
  ...[hostname(), `${hostname()}.local:8080`],
])('goes by %s', (host) => {
  expect(isOwn(host)).toBe(true)
})

it.each([
  ...[
    'evil.example',
    'evil.example:8080',
    'lots.county.example.evil.example',
    '127.0.0.1.evil.example',
    'x.localhost',
    '0x7f.1',
    '2130706433',
  ],
  ...[
    '',
    '.',
    ':8080',
    '[::1',
    '::1',
    '[evil.example]',
    'localhost:x',
    'localhost:8080:1',
    'localhost/a',
    'a@localhost',
    'localhost evil.example',
  ],
])('does not go by %s', (host) => {
  expect(isOwn(host)).toBe(false)
  expect(aim({ url: '/', headersDistinct: { host: [host] } })).toMatchObject({ code: 'access.host-unknown', facts: { host } })
})

it.each([
  ['http://localhost/api/health', ['localhost']],
  ['*', ['localhost']],
  ['', ['localhost']],
  ['/', ['localhost', 'evil.example']],
])('takes no target %s of %j', (url, host) => {
  expect(aim({ url, headersDistinct: { host } })).toMatchObject({ code: 'api.request-malformed' })
})
