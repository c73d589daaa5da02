import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { faultOf } from './faults.ts'
import { readSettings } from './settings.ts'

const home = mkdtempSync(join(tmpdir(), 'hub-settings-'))
afterAll(() => rmSync(home, { recursive: true }))
const withFile = (text: string) => writeFileSync(join(home, 'hub.json'), text)
const troubleWith = (environment: Record<string, string> = {}) => {
  try {
    return readSettings(home, environment)
  } catch (error) {
    const { code, facts } = faultOf(error) ?? { code: String(error), facts: {} }
    return { code, ...facts }
  }
}

describe('settings of the hub', () => {
  test('defaults, then the file, then the environment', () => {
    withFile('{"httpPort": 9000, "names": ["hub.lan"]}')
    expect(readSettings(home, {})).toMatchObject({ home, httpPort: 9000, brokerPort: 8883, names: ['hub.lan'] })
    expect(readSettings(home, { LOTKEEPER_HUB_HTTP_PORT: '0', LOTKEEPER_HUB_NAMES: 'a, b' })).toMatchObject({
      httpPort: 0,
      names: ['a', 'b'],
    })
  })

  test.each([
    [
      'a port beyond ports',
      '{"httpPort": 99999}',
      {},
      { code: 'settings.value-wrong', name: 'httpPort', value: '99999', from: join(home, 'hub.json') },
    ],
    [
      'a port that is a word',
      '{}',
      { LOTKEEPER_HUB_BROKER_PORT: 'mqtt' },
      { code: 'settings.value-wrong', name: 'brokerPort', value: '"mqtt"', from: 'LOTKEEPER_HUB_BROKER_PORT' },
    ],
    ['a typo in the file', '{"htpPort": 1}', {}, { code: 'settings.name-unknown', name: 'htpPort', nearest: 'httpPort' }],
    ['a typo in the environment', '{}', { LOTKEEPER_HUB_PORT: '1' }, { code: 'settings.name-unknown', name: 'LOTKEEPER_HUB_PORT' }],
    [
      'a plain password',
      '{"login": {"user": "a", "name": "a", "passwordHash": "secret"}}',
      {},
      { code: 'settings.value-wrong', name: 'login.passwordHash' },
    ],
    ['a host by a pattern', '{"outgoingHosts": ["*.county.local"]}', {}, { code: 'settings.value-wrong', name: 'outgoingHosts.0' }],
    ['no JSON', '{', {}, { code: 'settings.file-unreadable' }],
    ['a list', '[]', {}, { code: 'settings.file-unreadable' }],
  ])('%s', (_story, text, environment, trouble) => {
    withFile(text)
    expect(troubleWith(environment)).toMatchObject(trouble)
  })
})
