import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { judgeSettings, type SettingsLayer, ZONE } from './settings.ts'

const closed = { additionalProperties: false }
const SCHEMA = Type.Object(
  {
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
    host: Type.String({ minLength: 1 }),
    zone: ZONE,
    region: Type.Union([Type.Literal('CN900'), Type.Literal('EU')]),
    doors: Type.Array(Type.Object({ door: Type.String(), side: Type.Union([Type.Literal('inside'), Type.Literal('outside')]) }, closed)),
  },
  closed,
)
const DEFAULTS: SettingsLayer = {
  from: 'default',
  values: { port: 8080, host: 'localhost', zone: 'Asia/Shanghai', region: 'CN900', doors: [] },
}
const judged = (...layers: readonly SettingsLayer[]) => judgeSettings<Record<string, unknown>>(SCHEMA, [DEFAULTS, ...layers])
const file = (values: Record<string, unknown>): SettingsLayer => ({ from: 'hub.json', values })

describe('settings', () => {
  test('a later layer wins, and nobody can change what was judged', () => {
    const answer = judged(file({ port: 1 }), { from: 'LOTKEEPER_HUB_PORT', values: { port: 2 } })
    if (!('settings' in answer)) throw new Error('refused')
    expect(answer.settings).toMatchObject({ port: 2, host: 'localhost' })
    expect(() => Object.assign(answer.settings, { port: 3 })).toThrow(TypeError)
  })

  test.each([
    [
      'beyond the range',
      file({ port: 70_000 }),
      { is: 'value-wrong', name: 'port', value: '70000', allowed: 'integer 0..65535', from: 'hub.json' },
    ],
    [
      'of the wrong type',
      { from: 'LOTKEEPER_HUB_PORT', values: { port: 'many' } },
      { is: 'value-wrong', name: 'port', value: '"many"', from: 'LOTKEEPER_HUB_PORT' },
    ],
    ['not among the choices', file({ region: 'US' }), { is: 'value-wrong', name: 'region', value: '"US"', allowed: '"CN900" | "EU"' }],
    [
      'no zone of this world',
      file({ zone: 'Asia/Shanghia' }),
      { is: 'value-wrong', name: 'zone', value: '"Asia/Shanghia"', allowed: expect.stringContaining('Asia/Shanghai'), from: 'hub.json' },
    ],
    [
      'inside a list',
      file({ doors: [{ door: 'd1', side: 'left' }] }),
      { is: 'value-wrong', name: 'doors.0.side', value: '"left"', allowed: '"inside" | "outside"' },
    ],
    ['left out', file({ doors: [{ door: 'd1' }] }), { is: 'value-wrong', name: 'doors.0.side', value: '(missing)' }],
    ['a typo', file({ prot: 1 }), { is: 'name-unknown', name: 'prot', nearest: 'port', from: 'hub.json' }],
    [
      'a typo inside',
      file({ doors: [{ door: 'd1', side: 'inside', sid: 'x' }] }),
      { is: 'name-unknown', name: 'doors.0.sid', nearest: 'side' },
    ],
  ])('%s', (_story, layer, trouble) => {
    expect(judged(layer)).toMatchObject({ trouble })
  })
})
