import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newAction, openNodeClient } from '@lotkeeper/deploy/county/client.ts'
import { type RunningHouse, startHouse } from '@lotkeeper/deploy/county/house.ts'
import { openUnsealing } from '@lotkeeper/edge/access/seal.ts'
import { hashPin } from '@lotkeeper/edge/crypto.ts'
import { keepEnrolled, openKeyFolder } from '@lotkeeper/edge/join/keys.ts'
import { makeCertified } from '@lotkeeper/hub/access/x509.ts'

import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { ROSTER_TOLD, type RosterKeeper, sealedFor } from '@lotkeeper/protocol/wire/roster.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HubLine, type Member, openLine } from '../contracts/hub-line.ts'
import { until } from '../county.ts'

const WANG: RosterKeeper = { keeper: 'u-wang', name: '王芳', pinHash: hashPin('2468'), role: 'keeper' }
const LI: RosterKeeper = { keeper: 'u-li', name: '李强', pinHash: hashPin('2468'), role: 'keeper' }
const SETTLED = { keeper: 'settled-1', name: '老赵', pinHash: hashPin('1111') }
const DOWN = topicOf('downRoster', 'qinglong')

let people: readonly RosterKeeper[] = []
const listeners = new Set<(sites: readonly string[]) => void>()
let line: HubLine
let member: Member
let home: string
let node: RunningHouse
const become = async (next: readonly RosterKeeper[]): Promise<void> => {
  people = next
  for (const listener of listeners) listener(['qinglong'])
  await line.rosters().idle()
}

/** What `edge join` leaves: the county's certificates around the keys of a member, and settings that lead to this broker. */
const enrol = async (): Promise<void> => {
  const keys = openKeyFolder(join(home, 'keys'))
  const page = await makeCertified(line.keys.authority, {
    commonName: 'qinglong',
    names: [],
    use: 'server',
    fromMs: Date.now(),
    serial: new Uint8Array(8).fill(1),
  })
  keys.write('signing.key', member.signing)
  keys.write('tls.key', member.tls.key)
  keys.write('page.key', page.key)
  const [own] = (await line.ledger.nodes()).flatMap(({ node: name, certificates }) => (name === 'qinglong' ? certificates : []))
  if (!own) throw new Error('the member has no certificate')
  keepEnrolled(join(home, 'keys'), {
    ...{ tlsCertificate: member.tls.certificate, pageCertificate: page.certificate, authority: line.keys.authority.certificate },
    countyKey: base64urlOf(line.keys.county.publicKey),
    certificates: [own, line.keys.identity.now().certificate],
  })
}
const start = async (port = line.broker.port): Promise<void> => {
  const settings = {
    node: 'qinglong',
    httpPort: 0,
    httpsPort: 0,
    httpsHost: '127.0.0.1',
    broker: `mqtts://localhost:${port}`,
    keepers: [SETTLED],
  }
  writeFileSync(join(home, 'edge.json'), JSON.stringify(settings))
  node = await startHouse({ name: 'qinglong', args: ['edge', '--home', home] })
}
const page = () => String(node.ready['http'])
const signIn = (pin: string, keeper?: string) =>
  openNodeClient(page(), pin, keeper).then(
    () => 'in',
    (error: Error) => /access\.[a-z-]+/.exec(error.message)?.[0],
  )
const listed = async () => {
  const { keepers, roster } = (await (await fetch(`${page()}/api/people`)).json()) as {
    readonly keepers: readonly { readonly name: string }[]
    readonly roster: { readonly from: string; readonly complete: boolean; readonly checkedAt: string | null }
  }
  return { names: keepers.map(({ name }) => name).join(' '), ...roster }
}
const untilListed = (names: string) => until(`the tiles to show ${names}`, listed, (now) => now.names === names && now.complete)

beforeAll(async () => {
  line = await openLine(undefined, {
    keepersOf: (site) => (site === 'qinglong' ? people : []),
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
  member = await line.member('qinglong')
  line.reopenRosters()
  home = mkdtempSync(join(tmpdir(), 'lotkeeper-taken-out-'))
  await enrol()
  await start()
})
afterAll(async () => {
  await node?.kill()
  await line?.close()
  rmSync(home, { recursive: true, force: true })
})

test('a county that keeps nobody leaves the people of the settings in', async () => {
  await until(
    'the node to be on line',
    () => line.broker.online(),
    (online) => online.includes('qinglong'),
  )
  expect([await signIn('1111'), await listed()]).toEqual(['in', { names: '老赵', from: 'settings', complete: true, checkedAt: null }])
})

test('the first people of the county are the only ones from then on, each by his name though they have one PIN', async () => {
  await become([WANG, LI])
  expect((await untilListed('李强 王芳')).from).toBe('county')
  const came = [await signIn('1111'), await signIn('2468'), await signIn('2468', 'u-wang'), await signIn('2468', 'u-li')]
  expect(came).toEqual(['access.sign-in-wrong', 'access.name-first', 'in', 'in'])
})

test('taken out while the node is off line he stays, over a restart too; the moment the directive comes he is out, and his session with him', async () => {
  await node.stop()
  const dead = 1
  await start(dead)
  const li = await openNodeClient(page(), '2468', 'u-li')
  await become([WANG])
  expect([await signIn('2468', 'u-li'), (await listed()).names]).toEqual(['in', '李强 王芳'])
  await node.stop()
  await start()
  await untilListed('王芳')
  const moved = { pin: '2468', keeper: 'u-li' }
  const left = await fetch(`${page()}/api/state`, { headers: { cookie: li.cookie() } })
  expect([left.status, await signIn(moved.pin, moved.keeper), await signIn('2468', 'u-wang')]).toEqual([401, 'access.sign-in-wrong', 'in'])
  // Neither his name nor his verifier is left on the node, and the file is its owner's alone.
  const kept = join(home, 'keys/roster.json')
  expect([readFileSync(kept, 'utf8').includes(LI.pinHash), statSync(kept).mode & 0o777]).toEqual([false, 0o600])
})

test('somebody who is at work when he is taken out books nothing more', async () => {
  await become([WANG, LI])
  await untilListed('李强 王芳')
  const li = await openNodeClient(page(), '2468', 'u-li')
  await li.get('session')
  await become([WANG])
  await untilListed('王芳')
  expect(
    await li.ask('count', { action: newAction(), place: 'qinglong/main/available', lot: 'gauze/B1', counted: 1, book: 1 }),
  ).toMatchObject({
    refused: true,
    problem: { code: 'access.not-signed-in' },
  })
})

test('a parcel taken off the line is opened by no other key, and told again later lets nobody in', async () => {
  const watcher = await line.connect({ tls: member.tls, clientId: 'qinglong~watch' })
  await watcher.client.subscribeAsync(DOWN, { qos: 1 })
  await become([WANG, LI])
  await untilListed('李强 王芳')
  const stolen = await watcher.hears(DOWN, (text) => text.includes('"box"'))
  const told = ROSTER_TOLD.read(stolen)?.body.roster
  if (!told?.sealed) throw new Error('nothing was sealed')
  const thief = await line.member('baisha')
  expect(openUnsealing(thief.signing)(told.sealed, sealedFor('qinglong', told))).toBeNull()
  expect([stolen.includes('李强'), stolen.includes(LI.pinHash)]).toEqual([false, false])
  await become([WANG])
  await untilListed('王芳')
  line.broker.publish(DOWN, stolen)
  await new Promise((go) => setTimeout(go, 300))
  expect([(await listed()).names, await signIn('2468', 'u-li')]).toEqual(['王芳', 'access.sign-in-wrong'])
})

test('who guesses is shut out, and a restart of the node does not let him guess on', async () => {
  const guesses: unknown[] = []
  for (let tries = 0; tries < 12; tries += 1) guesses.push(await signIn(String(1000 + tries), 'u-wang'))
  expect(guesses.at(-1)).toBe('access.sign-in-locked')
  await node.kill()
  await start()
  // The start may have taken as long as he was shut out for: then one more guess shuts him out again, for he has none free.
  expect([await signIn('9999', 'u-wang'), await signIn('2468', 'u-wang')]).toEqual(['access.sign-in-locked', 'access.sign-in-locked'])
})
