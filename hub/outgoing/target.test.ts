import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { describe, expect, it } from 'vitest'
import { ALLOWED_PATTERN, allowedIn, targetOf } from './target.ts'

const allowed = allowedIn(['his.county.local', 'lab.county.local:9443', 'http://10.1.2.3:8080', 'http://old.county.local', '[fd12::5]'])
const read = (text: string) => {
  const target = targetOf(text, allowed)
  return isRefusal(target) ? target.code : `${target.secure ? 'tls' : 'plain'} ${target.host} ${target.port} ${target.path}`
}

describe('an address that somebody set', () => {
  it.each([
    ['https://hooks.example.com', 'tls hooks.example.com 443 /'],
    ['https://Hooks.Example.COM/a?b=c%20d', 'tls hooks.example.com 443 /a?b=c%20d'],
    ['HTTPS://hooks.example.com:8443/x', 'tls hooks.example.com 8443 /x'],
    ['https://xn--fiq228c.example.cn/', 'tls xn--fiq228c.example.cn 443 /'],
    ['https://his.county.local/in', 'tls his.county.local 443 /in'],
    ['https://lab.county.local:9443/', 'tls lab.county.local 9443 /'],
    ['http://10.1.2.3:8080/in', 'plain 10.1.2.3 8080 /in'],
    ['http://old.county.local/in', 'plain old.county.local 80 /in'],
    ['https://[fd12::5]/in', 'tls fd12::5 443 /in'],
  ])('takes %s', (text, target) => {
    expect(read(text)).toBe(target)
  })

  const MALFORMED = [
    ...['', 'x', '//hooks.example.com', 'https:/hooks.example.com', 'https:hooks.example.com', 'https:///x', ' https://hooks.example.com'],
    ...[
      'https://hooks.example.com ',
      'https://hooks.example.com/\r\nHost: x',
      'https://hooks.example.com/ x',
      'https://hooks.example.com/#x',
    ],
    ...[
      'ftp://hooks.example.com',
      'file:///etc/passwd',
      'gopher://hooks.example.com',
      'javascript:alert(1)',
      'data:text/plain,x',
      'ws://hooks.example.com',
    ],
    ...[
      'https://user@hooks.example.com',
      'https://user:pw@hooks.example.com',
      'https://hooks.example.com@127.0.0.1',
      'https://@hooks.example.com',
    ],
    ...[
      'https://hooks.example.com\\@127.0.0.1',
      'https://127.0.0.1\\.example.com',
      'https:\\\\hooks.example.com',
      'https://hooks.example.com/\\x',
    ],
    ...['https://hooks.example.com#@127.0.0.1', 'https://hooks.example.com?x', 'https://hooks%2eexample.com', 'https://%31%32%37.0.0.1'],
    ...[
      'https://hooks.example.com.',
      'https://.example.com',
      'https://localhost.',
      'https://hooks.example.com:',
      'https://hooks.example.com:0443/',
    ],
    ...[
      'https://hooks.example.com:443:80/',
      'https://hooks.example.com:-1',
      'https://hooks.example.com:123456',
      'https://hooks.example.com:0',
    ],
    // One address in many spellings: a reader that turns them into another text than the one that was written is not asked twice.
    ...['https://2130706433', 'https://0x7f000001', 'https://017700000001', 'https://127.1', 'https://127.0.1', 'https://0177.0.0.1'],
    ...['https://0x7f.1', 'https://0', 'https://0x0', 'https://127.0.0.01', 'https://00.0.0.0', 'https://0xa9fea9fe', 'https://2852039166'],
    ...[
      'https://１２７.０.０.１',
      'https://127。0。0。1',
      'https://ⓛocalhost',
      'https://①②⑦.0.0.1',
      'https://医院.cn',
      'https://hooks.exam\u00adple.com',
    ],
    ...[
      'https://[::ffff:127.0.0.1]',
      'https://[0:0:0:0:0:0:0:1]',
      'https://[::0001]',
      'https://[fe80::1%25eth0]',
      'https://[fd12:0::5]',
      'https://[::1',
    ],
    ...['https://256.1.1.1', 'https://1.2.3.4.5', 'https://hooks..example.com/\u0000', `https://hooks.example.com/${'a'.repeat(2_000)}`],
  ]
  it.each(MALFORMED)('cannot read %j', (text) => {
    expect(read(text)).toBe('outgoing.url-malformed')
  })

  const INSIDE = [
    ...[
      'https://localhost',
      'https://LOCALHOST',
      'https://127.0.0.1',
      'https://0.0.0.0',
      'https://10.0.0.1',
      'https://169.254.169.254/latest/meta-data',
    ],
    ...[
      'https://8.8.8.8',
      'https://[::1]',
      'https://[::]',
      'https://[2606:4700::1]',
      'https://[64:ff9b::7f00:1]',
      'https://[::ffff:7f00:1]',
    ],
    ...[
      'https://hub',
      'https://metadata',
      'https://x.localhost',
      'https://printer.local',
      'https://metadata.google.internal',
      'https://a.lan',
    ],
    ...['https://xhis.county.local', 'https://x.his.county.local', 'https://a-.example.com', `https://${'a'.repeat(64)}.example.com`],
    ...['https://a..example.com', 'https://example.1', 'https://example.0x1'],
  ]
  it.each(INSIDE)('does not take the host of %j', (text) => {
    expect(['outgoing.host-refused', 'outgoing.url-malformed']).toContain(read(text))
  })

  it.each([
    ['http://hooks.example.com', 'outgoing.scheme-refused'],
    ['http://his.county.local', 'outgoing.scheme-refused'],
    ['https://old.county.local', 'outgoing.host-refused'],
    ['https://hooks.example.com:80', 'outgoing.port-refused'],
    ['https://hooks.example.com:22', 'outgoing.port-refused'],
    ['https://hooks.example.com:65536', 'outgoing.url-malformed'],
    ['https://his.county.local:9443', 'outgoing.port-refused'],
    ['https://lab.county.local', 'outgoing.port-refused'],
    ['http://10.1.2.3', 'outgoing.port-refused'],
    ['http://old.county.local:8080', 'outgoing.port-refused'],
  ])('%s is %s', (text, code) => {
    expect(read(text)).toBe(code)
  })
})

describe('the setting', () => {
  it.each(['his.county.local', 'his.county.local:9443', 'http://10.1.2.3:8080', '[fd12::5]', 'http://[fd12::5]:8080'])(
    'takes %s',
    (entry) => {
      expect(new RegExp(ALLOWED_PATTERN).test(entry)).toBe(true)
    },
  )
  it.each(['*', '*.county.local', '10.0.0.0/8', 'https://x', 'x:y', 'a b', 'HIS', '.local', 'a@b', 'his.county.local/x', ''])(
    'does not take %j',
    (entry) => {
      expect(new RegExp(ALLOWED_PATTERN).test(entry)).toBe(false)
    },
  )
})
