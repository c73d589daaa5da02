import { createPrivateKey } from 'node:crypto'
import { openUnsealing } from '@lotkeeper/edge/access/seal.ts'
import { hashPin } from '@lotkeeper/edge/crypto.ts'
import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { readEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import type { RosterBody } from '@lotkeeper/protocol/ledger/roster.ts'
import { STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { refuse } from '@lotkeeper/protocol/refusals.ts'
import { ROSTER_ASK, ROSTER_TOLD, type RosterAskBody, type RosterKeeper, readRoster, sealedFor } from '@lotkeeper/protocol/wire/roster.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { afterEach, expect, test } from 'vitest'
import { until } from '../county.ts'
import { type HubLine, openLine } from './hub-line.ts'

const closing: HubLine[] = []
afterEach(async () => {
  for (const line of closing.splice(0)) await line.close()
})

const WANG: RosterKeeper = { keeper: 'u-wang', name: '王芳', pinHash: hashPin('2468'), role: 'keeper' }
const LI: RosterKeeper = { keeper: 'u-li', name: '李强', pinHash: hashPin('1357'), role: 'assistant' }
const HEAD = { id: 'ask-1', source: '/nodes/qinglong', time: '2026-11-23T02:00:00.000Z' }

/** A county whose people a test sets, with one node that is enrolled. */
const openPeopled = async (first: readonly RosterKeeper[] = [], wrap?: (ledger: HubLedger) => HubLedger) => {
  let people = first
  const listeners = new Set<(sites: readonly string[]) => void>()
  const line = await openLine(wrap, {
    keepersOf: (site) => (site === 'qinglong' ? people : []),
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
  closing.push(line)
  const member = await line.member('qinglong')
  // Enrolment tells the county of the certificate; here it only reaches the ledger.
  line.reopenRosters()
  const become = async (next: readonly RosterKeeper[]) => {
    people = next
    for (const listener of listeners) listener(['qinglong'])
    await line.rosters().idle()
  }
  return { line, member, become }
}

const toldTo = async ({ ledger }: HubLine, node = 'qinglong'): Promise<readonly RosterBody[]> => {
  const stream = streamToNode(node)
  const [tip] = await ledger.tips([stream])
  const batch = tip && (await ledger.batch({ stream, epoch: tip.epoch, from: 1, upto: tip.held }))
  return (batch?.entries ?? []).flatMap((text) => {
    const reading = readEntry(text)
    return reading.known && reading.entry.kind === 'roster' ? [reading.entry.body as RosterBody] : []
  })
}

const openAsking = async ({ line, member }: Awaited<ReturnType<typeof openPeopled>>) => {
  const client = await line.connect({ tls: member.tls, clientId: 'qinglong' })
  const down = topicOf('downRoster', 'qinglong')
  await client.client.subscribeAsync(down, { qos: 1 })
  const key = signerOf(openCrypto(), createPrivateKey(member.signing)).key
  let heard = 0
  const ask = async (body: Partial<RosterAskBody> = {}) => {
    // A hub answers one node once within half a second.
    await new Promise((go) => setTimeout(go, heard === 0 ? 0 : 520))
    const asked = ROSTER_ASK.write(HEAD, { told: null, held: null, key, ...body })
    await client.client.publishAsync(topicOf('upRoster', 'qinglong'), asked, { qos: 1 })
    heard += 1
    const seen = () => client.heard.filter(({ topic }) => topic === down)
    const messages = await until('an answer', seen, (all) => all.length >= heard)
    const told = ROSTER_TOLD.read(messages.at(-1)?.text ?? '')?.body
    if (!told) throw new Error('the answer cannot be read')
    return told.roster
  }
  return { client, ask }
}

test('a county that keeps nobody tells nobody', async () => {
  const county = await openPeopled()
  await county.line.rosters().idle()
  const { ask } = await openAsking(county)
  expect([await ask(), await toldTo(county.line)]).toEqual([null, []])
})

test('each change is one directive of ids, and the names are opened by its own node alone', async () => {
  const county = await openPeopled([WANG])
  const { line, member, become } = county
  await line.rosters().idle()
  await become([WANG, LI])
  await become([WANG, LI])
  await become([])
  await become([LI])
  const told = await toldTo(line)
  expect(told.map(({ keepers }) => keepers.map(({ keeper, role }) => `${keeper} ${role}`))).toEqual([
    ['u-wang keeper'],
    ['u-li assistant', 'u-wang keeper'],
    [],
    ['u-li assistant'],
  ])
  const versions = told.map(({ version }) => version)
  expect(versions).toEqual(versions.toSorted((one, other) => one - other))
  expect(new Set(versions).size).toBe(4)
  const { ask } = await openAsking(county)
  const answer = await ask()
  if (!answer?.sealed) throw new Error('nothing was sealed')
  const about = sealedFor('qinglong', answer)
  expect(readRoster(openUnsealing(member.signing)(answer.sealed, about) ?? '')?.keepers).toEqual([LI])
  const other = await line.member('baisha')
  expect(openUnsealing(other.signing)(answer.sealed, about)).toBeNull()
  expect(openUnsealing(member.signing)(answer.sealed, sealedFor('baisha', answer))).toBeNull()
  expect(openUnsealing(member.signing)(answer.sealed, sealedFor('qinglong', { ...answer, version: answer.version + 1 }))).toBeNull()
  expect(JSON.stringify(answer)).not.toContain('李强')
  // Who has it already is told only that it is so.
  expect(await ask({ told: answer.version, held: answer.version })).toEqual({
    version: answer.version,
    digest: answer.digest,
    sealed: null,
  })
})

test('a key that was revoked, and one the county never saw, get nothing sealed', async () => {
  const county = await openPeopled([WANG])
  const { ask } = await openAsking(county)
  expect(await ask({ key: 'A'.repeat(16) })).toMatchObject({ sealed: null })
  const key = signerOf(openCrypto(), createPrivateKey(county.member.signing)).key
  const revocation = { stream: STREAM_TO_ALL, kind: 'revoke', action: 'revoke-1', part: 0, actor: null, doc: null, lines: [] } as const
  await county.line.ledger.write([{ ...revocation, body: { node: 'qinglong', key, reason: 'stolen' } }])
  expect(await ask()).toMatchObject({ sealed: null })
})

test('a hub that starts again tells nothing twice, and what its ledger lost it tells again', async () => {
  const { line } = await openPeopled([WANG])
  await line.rosters().idle()
  await line.reopenRosters().idle()
  expect(await toldTo(line)).toHaveLength(1)
})

test('a hub that forgot what it told goes on above what the node heard, also with nobody left', async () => {
  const county = await openPeopled([WANG])
  const { line, become } = county
  await line.rosters().idle()
  await become([])
  line.reopenRosters(true)
  await line.rosters().idle()
  const far = Date.now() + 86_400_000
  const { ask } = await openAsking(county)
  expect(await ask({ told: far })).toMatchObject({ version: far + 1 })
  expect((await toldTo(line)).at(-1)).toMatchObject({ version: far + 1, keepers: [] })
  // However high a node may claim to have heard, numbers stay whole.
  expect((await ask({ told: Number.MAX_SAFE_INTEGER }))?.version).toBe(Number.MAX_SAFE_INTEGER - 999_999)
})

test('a row no node takes is left out, and keeps nobody else in', async () => {
  const { line, become } = await openPeopled([WANG, LI])
  await line.rosters().idle()
  await become([
    { ...WANG, pinHash: 'plain' },
    { ...LI, name: '' },
    { ...WANG, keeper: 'u-<b>' },
  ])
  expect((await toldTo(line)).at(-1)?.keepers).toEqual([])
  await become(Array.from({ length: 130 }, (_, at) => ({ ...WANG, keeper: `u-${at}` })))
  expect((await toldTo(line)).at(-1)?.keepers).toHaveLength(100)
})

test('nothing is told that a full disk had no room for', async () => {
  let full = true
  const county = await openPeopled([WANG], (ledger) => ({
    ...ledger,
    write: async (drafts) => (full && drafts.some(({ kind }) => kind === 'roster') ? refuse('ledger.disk-full') : ledger.write(drafts)),
  }))
  const { ask } = await openAsking(county)
  expect([await ask(), await toldTo(county.line)]).toEqual([null, []])
  full = false
  expect(await ask()).toMatchObject({ sealed: { box: expect.any(String) } })
  expect(await toldTo(county.line)).toHaveLength(1)
})

test('what is no ask is set aside and named', async () => {
  const county = await openPeopled([WANG])
  const { client } = await openAsking(county)
  await client.client.publishAsync(topicOf('upRoster', 'qinglong'), '{"data":', { qos: 1 })
  await until(
    'the message to be named',
    async () => (await county.line.ledger.ask.discrepancies({})) as { readonly rows: readonly { readonly kind: string }[] },
    ({ rows }) => rows.some(({ kind }) => kind === 'message-unreadable'),
  )
})

test('another node neither hears nor asks in its name', async () => {
  const county = await openPeopled([WANG])
  const thief = await county.line.member('baisha')
  const client = await county.line.connect({ tls: thief.tls, clientId: 'baisha' })
  const granted = await client.client.subscribeAsync(topicOf('downRoster', 'qinglong'), { qos: 1 }).catch(() => 'refused')
  expect(JSON.stringify(granted)).toMatch(/128|refused/)
  const ask = ROSTER_ASK.write(HEAD, { told: null, held: null, key: 'A'.repeat(16) })
  client.client.publish(topicOf('upRoster', 'qinglong'), ask, { qos: 1 })
  await client.gone
})
