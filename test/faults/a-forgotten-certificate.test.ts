import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { openTownship } from '@lotkeeper/deploy/county/township.ts'
import { expect } from 'vitest'
import { book, inDays, standingAtHub } from '../acts.ts'
import { breachesOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'

const test = countyTest({ nodes: [] })

const BOX = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒', accept: true }

test('the only node of a county was enrolled after the backup that is put back: it shows its certificate itself, and nobody has to act', async ({
  county,
}) => {
  const home = join(county.home, 'hub')
  await county.hub().stop()
  cpSync(join(home, 'hub.sqlite'), join(home, 'backup.sqlite'))
  await county.startHub()
  const hub = await county.hubClient()
  const rooms = [{ room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' as const }]
  await using town = Object.assign(
    await openTownship({
      ...{
        node: 'shanhe',
        home: join(county.home, 'shanhe'),
        pin: '2580',
        keeper: { keeper: 'shanhe-1', name: '库管员' },
        wires: 'pty',
        seed: 9,
      },
      ports: { http: 0, https: 0 },
      broker: county.broker,
      enrolment: async () => {
        const name = { zh: '山河', en: 'Shanhe' }
        const { code } = await hub.get('createEnrolment', { action: newAction(), node: 'shanhe', name, rooms })
        return { hub: String(county.hub().ready['https']), code }
      },
    }),
    { [Symbol.asyncDispose]: () => town.close() },
  )
  const own = { ...county, townships: [town] }
  const client = await town.client()
  await until(
    'the node to know the catalogue',
    () => client.get('items', { limit: 500 }),
    ({ rows }) => rows.length > 0,
  )
  await county.hub().kill()
  // What the hub told it of its own enrolment is lost with the card's last minutes too: nobody but its key folder knows.
  for (const end of ['-wal', '-shm']) rmSync(join(home, `hub.sqlite${end}`), { force: true })
  cpSync(join(home, 'backup.sqlite'), join(home, 'hub.sqlite'))
  await town.stop()
  for (const end of ['', '-wal', '-shm']) rmSync(join(town.home, `node.sqlite${end}`), { force: true })
  await county.startHub()
  await town.start()
  const again = await town.client()
  await until(
    'the node to know the catalogue again',
    () => again.get('items', { limit: 500 }),
    ({ rows }) => rows.length > 0,
  )
  await book(again, 'receive', BOX)
  await until(
    'the hub to have booked it',
    async () => standingAtHub(await county.hubClient(), 'shanhe'),
    (seen) => seen['main/available gauze-10x10/B1'] === 100,
  )
  await untilHeld(own)
  expect((await breachesOf(own)).filter((breach) => !breach.startsWith('hub: quarantine: wire.key-unknown'))).toEqual([])
})
