import { expect, test } from 'vitest'
import type { BrokerEvents } from './broker.ts'
import { logOffences, OFFENCE_MS } from './offences.ts'

test('an offence is in the log at once, a flood of it once a minute with its count, and all of it goes on', () => {
  let now = 0
  const told: string[] = []
  const passed: string[] = []
  const nothing = () => {}
  const on: BrokerEvents = {
    ...{
      log: async () => {},
      have: nothing,
      birth: nothing,
      certificate: nothing,
      digest: nothing,
      roster: nothing,
      death: nothing,
      listening: nothing,
      acknowledged: nothing,
      gone: nothing,
    },
    offence: (node, offence) => void passed.push(`${node} ${offence}`),
  }
  const clock = { now: () => 0, monotonic: () => now }
  const { offence } = logOffences(on, { clock }, { warn: (_fact, values = {}) => void told.push(JSON.stringify(values)) })
  for (let at = 0; at < 100; at += 1) offence('qinglong', 'qos-2', 'topic')
  offence(null, 'handshake-failed', 'ERR_SSL')
  now = OFFENCE_MS
  offence('qinglong', 'qos-2', 'topic')
  expect(told.map((line) => JSON.parse(line))).toMatchObject([
    { node: 'qinglong', offence: 'qos-2', detail: 'topic', count: 1 },
    { node: null, offence: 'handshake-failed', detail: 'ERR_SSL', count: 1 },
    { node: 'qinglong', offence: 'qos-2', count: 101 },
  ])
  expect(passed).toHaveLength(102)
})
