import { randomBytes } from 'node:crypto'
import { connect as connectTls } from 'node:tls'
import { tlsKeyDigest } from '@lotkeeper/hub/access/keys.ts'
import { certify, makeCertified, publicKeyOf } from '@lotkeeper/hub/access/x509.ts'
import { CONNECT_WITHIN_MS } from '@lotkeeper/hub/broker/sockets.ts'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { bucketOf, digestOf } from '@lotkeeper/protocol/ledger/digest.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { readBatch, writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { DIGEST, DIGEST_ASK } from '@lotkeeper/protocol/wire/digest.ts'
import { BIRTH, DEATH, HAVE, HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestWriter } from '../writer.ts'
import { book, line, openKinds, ROOM, TRANSIT, unitsAt } from './hub-county.ts'
import { type Client, type HubLine, type Member, openLine } from './hub-line.ts'

const LOT = 'gauze/B2509'
const AT = '2026-11-22T01:02:03.004Z'
const HEAD = { id: 'm-1', source: '/nodes/qinglong', time: AT }
const UP_LOG = topicOf('upLog', 'qinglong')
const DOWN_HAVE = topicOf('downHave', 'qinglong')
const DOWN_LOG = topicOf('downLog', 'qinglong')

let hub: HubLine
let member: Member
/** Holds the next commits until it is called. */
let release: (() => void) | null = null
const held = (ledger: HubLedger): HubLedger => ({
  ...ledger,
  take: async (parcels) => {
    if (release)
      await new Promise<void>((resolve) => {
        release = resolve
      })
    return ledger.take(parcels)
  },
})

beforeEach(async () => {
  release = null
  hub = await openLine(held)
  member = await hub.member('qinglong')
})
afterEach(() => hub.close())

const joined = async (): Promise<Client> => {
  const client = await hub.connect({ tls: member.tls, clientId: 'qinglong' })
  await client.client.subscribeAsync([DOWN_LOG, DOWN_HAVE, HUB_STATE_TOPIC], { qos: 1 })
  return client
}
const batchOf = (writer: TestWriter, from = 1, upto = writer.texts.length): string => writeBatch(writer.batch(from, upto), HEAD)
const received = (units: number): TestWriter => {
  const writer = member.writer()
  book(writer, 'receive', line(LOT, TRANSIT, ROOM, units))
  return writer
}
const birthOf = (epoch: string): string =>
  BIRTH.write(HEAD, { node: 'qinglong', epoch, software: '0.1.0', boot: 'b', at: new Date().toISOString(), devices: [] })
const haveOf = (tips: Parameters<typeof HAVE.write>[1]['tips']): string =>
  HAVE.write(HEAD, { tips, at: new Date().toISOString(), waiting: 0 })
/** The streams of which a node was sent something from there on; what it has not said that it holds may be sent again. */
const sentTo = ({ heard }: Client, from = 0): ReadonlySet<unknown> =>
  new Set(heard.slice(from).flatMap(({ topic, text }) => (topic === DOWN_LOG ? [readBatch(text)?.stream] : [])))
const say = (client: Client, topic: string, text: string | Buffer, qos: 0 | 1 | 2 = 1) => client.client.publishAsync(topic, text, { qos })

describe('a node on the line', () => {
  test('sends a batch: the PUBACK waits for the commit, and a have tells what is held', async () => {
    const client = await joined()
    release = () => {}
    let acknowledged = false
    const publishing = say(client, UP_LOG, batchOf(received(7))).then(() => {
      acknowledged = true
    })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(acknowledged).toBe(false)
    const go = release
    release = null
    go()
    await publishing
    expect(await unitsAt(hub.ledger, LOT, ROOM)).toBe(7)
    const have = await client.hears(DOWN_HAVE, (text) => text.includes('"held":2'))
    expect(HAVE.read(have)?.body.tips).toMatchObject([{ stream: 'qinglong>*', held: 2, applied: 2, refused: [] }])
  })

  test('hears the state of the hub at once, and its directives as far as it lacks them', async () => {
    hub.broker.publish(HUB_STATE_TOPIC, stateText(), true)
    await hub.ledger.write([siteDraft('site-1')])
    const client = await joined()
    expect(HUB_STATE.read(await client.hears(HUB_STATE_TOPIC))?.body.incarnation).toBe(1)
    await say(client, topicOf('upHave', 'qinglong'), haveOf([]))
    const batch = readBatch(await client.hears(DOWN_LOG))
    expect(batch).toMatchObject({ stream: 'hub>all', from: 1, upto: 2, key: hub.keys.identity.now().signer.key })
    const [tip] = await hub.ledger.tips(['hub>all'])
    if (!tip) throw new Error('the hub wrote')
    const { stream, epoch, headHash } = tip
    await say(client, topicOf('upHave', 'qinglong'), haveOf([{ stream, epoch, held: 2, headHash, applied: 2, refused: [] }]))
    const before = client.heard.length
    await hub.ledger.write([{ ...siteDraft('site-2'), stream: 'hub>qinglong' }])
    await client.hears(DOWN_LOG, (text) => readBatch(text)?.stream === 'hub>qinglong')
    expect(sentTo(client, before)).toEqual(new Set(['hub>qinglong']))
  })

  test('says what its places add up to, and is asked for the rows that differ', async () => {
    const client = await joined()
    await client.client.subscribeAsync(topicOf('downDigest', 'qinglong'), { qos: 1 })
    await say(client, UP_LOG, batchOf(received(7)))
    const rows = [{ lot: LOT, place: ROOM, units: 8 }]
    const { digest, buckets } = digestOf(openCrypto(), rows)
    const said = { stream: 'qinglong>*', epoch: '00000000000000aa', seq: 2, digest, buckets: [...buckets] }
    await say(client, topicOf('upDigest', 'qinglong'), DIGEST.write(HEAD, { ...said, rows: [] }))
    const asked = DIGEST_ASK.read(await client.hears(topicOf('downDigest', 'qinglong')))
    expect(asked?.body.buckets).toEqual([bucketOf(openCrypto(), ROOM, LOT)])
    await say(client, topicOf('upDigest', 'qinglong'), DIGEST.write(HEAD, { ...said, rows }))
    await expect.poll(() => openKinds(hub.ledger)).toEqual(['balance-differs'])
    await say(client, topicOf('upDigest', 'qinglong'), 'nonsense')
    await expect.poll(() => openKinds(hub.ledger)).toEqual(['balance-differs', 'message-unreadable'])
  })

  test('shows by what it holds that the hub was restored, or is not alone', async () => {
    const client = await joined()
    const tip = { stream: 'hub>all', epoch: '00000000000000f0', held: 3, headHash: 'A'.repeat(64), applied: 3, refused: [] }
    await say(client, topicOf('upHave', 'qinglong'), haveOf([]))
    await say(client, topicOf('upHave', 'qinglong'), haveOf([tip]))
    await expect.poll(() => openKinds(hub.ledger)).toEqual(['two-hubs'])
    hub.ingest.events.birth('qinglong', Buffer.from(birthOf('00000000000000ab')))
    await say(client, topicOf('upHave', 'qinglong'), haveOf([tip]))
    await expect.poll(() => openKinds(hub.ledger), { timeout: 40_000 }).toEqual(['hub-restored', 'two-hubs'])
  })

  test('gets its own history back when it lost it, and a person is told', async () => {
    const client = await joined()
    const writer = received(7)
    await say(client, UP_LOG, batchOf(writer))
    await client.end()
    const again = await joined()
    const tip = { stream: 'qinglong>*', epoch: writer.tip().epoch, held: 1, headHash: 'A'.repeat(64), applied: 1, refused: [] }
    await say(again, topicOf('upHave', 'qinglong'), haveOf([tip]))
    const batch = readBatch(await again.hears(DOWN_LOG))
    expect(batch).toMatchObject({ stream: 'qinglong>*', from: 2, upto: 2, entries: [writer.texts[1]] })
    expect(await openKinds(hub.ledger)).toContain('lost-tail')
  })

  test('is not sent back what it has just sent itself, although its last word was older', async () => {
    const client = await joined()
    const writer = received(7)
    const first = { stream: 'qinglong>*', epoch: writer.tip().epoch, held: 1, headHash: 'A'.repeat(64), applied: 1, refused: [] }
    await say(client, UP_LOG, batchOf(writer, 1, 1))
    await say(client, topicOf('upHave', 'qinglong'), haveOf([first]))
    await say(client, UP_LOG, batchOf(writer, 2, 2))
    await client.hears(DOWN_HAVE, (text) => text.includes('"held":2'))
    await hub.ledger.write([siteDraft('site-1')])
    await client.hears(DOWN_LOG, (text) => readBatch(text)?.stream === 'hub>all')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sentTo(client)).toEqual(new Set(['hub>all']))
    expect(await openKinds(hub.ledger)).toEqual([])
  })

  test('shows its life on the board: birth, a clean farewell, and the word of the broker when it only vanishes', async () => {
    const state = async () => (await hub.ledger.ask.nodes()).rows.find(({ node }) => node === 'qinglong')?.state
    const client = await joined()
    await say(client, topicOf('birth', 'qinglong'), birthOf('00000000000000aa'))
    expect(await state()).toBe('online')
    await say(client, topicOf('death', 'qinglong'), DEATH.write(HEAD, { node: 'qinglong', epoch: '00000000000000aa', why: 'closed' }))
    expect(await state()).toBe('offline')
    await say(client, topicOf('birth', 'qinglong'), birthOf('00000000000000aa'))
    client.client.stream.destroy()
    await expect.poll(state).toBe('offline')
  })

  test('is acknowledged whatever it sends; what nobody can read is kept and named', async () => {
    const client = await joined()
    await say(client, UP_LOG, 'no batch')
    await say(client, topicOf('upHave', 'qinglong'), '{}')
    await say(client, topicOf('birth', 'qinglong'), birthOf('00000000000000aa').replace('"node":"qinglong"', '"node":"baihe"'))
    await say(client, topicOf('death', 'qinglong'), Buffer.from([0xff]))
    expect(client.client.connected).toBe(true)
    expect(await titles()).toEqual([expect.stringContaining('wire.batch-malformed')])
  })

  test('hears which of its words made no sense', async () => {
    const client = await joined()
    await say(client, topicOf('upHave', 'qinglong'), '{}')
    await expect.poll(titles).toEqual([expect.stringContaining('wire.envelope-malformed')])
  })

  test('is told where its stream forked, and sends no further there', async () => {
    const client = await joined()
    await say(client, UP_LOG, batchOf(received(7)))
    await say(client, UP_LOG, batchOf(received(8)))
    const have = await client.hears(DOWN_HAVE, (text) => text.includes('wire.fork'))
    expect(HAVE.read(have)?.body.tips[0]).toMatchObject({ held: 2, refused: [{ from: 2, code: 'wire.fork' }] })
  })
})

describe('who may come in', () => {
  const refused = (as: Parameters<HubLine['connect']>[0]) => expect(hub.connect(as)).rejects.toThrow()

  test('only who has a certificate of the county, made for clients, under its own name, not revoked', async () => {
    await refused({ tls: null, clientId: 'qinglong' })
    await refused({ tls: member.tls, clientId: 'baihe' })
    await refused({ tls: member.tls, clientId: 'baihe~qinglong' })
    const facts = { commonName: 'qinglong', names: [], fromMs: Date.now(), serial: randomBytes(8) }
    await refused({ tls: await makeCertified(hub.keys.authority, { ...facts, use: 'server' }), clientId: 'qinglong' })
    hub.revoked.add(tlsKeyDigest(openCrypto(), member.tls.certificate))
    await refused({ tls: member.tls, clientId: 'qinglong' })
    expect(await openKinds(hub.ledger)).toEqual(['certificate-revoked'])
  })

  test('who is shut out loses the line he has, and so does whoever looks on with his certificate; nobody else does', async () => {
    const [own, observer] = [await joined(), await hub.connect({ tls: member.tls, clientId: 'qinglong~look' })]
    const other = await hub.member('baihe')
    const stays = await hub.connect({ tls: other.tls, clientId: 'baihe' })
    hub.revoked.add(tlsKeyDigest(openCrypto(), member.tls.certificate))
    hub.broker.dropRevoked()
    await Promise.all([own.gone, observer.gone])
    expect([stays.client.connected, hub.broker.online()]).toEqual([true, ['baihe']])
    await refused({ tls: member.tls, clientId: 'qinglong~look' })
  })

  test('a certificate that is shown anew is seen by whoever comes next; who is there stays', async () => {
    const stays = await joined()
    const serial = () =>
      new Promise<string>((resolve, reject) => {
        const { authority, tls: own } = { authority: hub.keys.authority.certificate, tls: pem(member) }
        const socket = connectTls({ host: '127.0.0.1', port: hub.broker.port, ca: authority, servername: 'localhost', ...own }, () => {
          resolve(socket.getPeerCertificate().serialNumber)
          socket.destroy()
        })
        socket.on('error', reject)
      })
    const before = await serial()
    const publicKey = publicKeyOf(hub.keys.tls.certificate)
    const facts = { commonName: 'hub', names: [{ type: 'dns', value: 'localhost' }], use: 'server', serial: randomBytes(16) } as const
    hub.broker.showCertificate(await certify(hub.keys.authority, { ...facts, publicKey, fromMs: Date.now() }))
    expect(await serial()).not.toBe(before)
    expect(stays.client.connected).toBe(true)
    await refused({ tls: null, clientId: 'qinglong' })
  })

  test('no old TLS, no huge CONNECT, no silence', async () => {
    const options = {
      host: '127.0.0.1',
      port: hub.broker.port,
      ca: hub.keys.authority.certificate,
      servername: 'localhost',
      ...pem(member),
    }
    const old = connectTls({ ...options, maxVersion: 'TLSv1.2' })
    await expect(new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject))).rejects.toThrow()
    const before = process.memoryUsage().rss
    const huge = connectTls(options, () => huge.write(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x64, 0x00, 0x04])))
    huge.on('error', () => {})
    await new Promise((resolve) => huge.once('close', resolve))
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
    expect(hub.ingest.counts().offences).toMatchObject({ 'frame-too-large': 1 })
  })

  test('who hangs on without a word does not hold up the end', async () => {
    const silent = connectTls({ host: '127.0.0.1', port: hub.broker.port, ca: hub.keys.authority.certificate, ...pem(member) })
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('secureConnect', resolve))
    const before = performance.now()
    await hub.close()
    // Who waited for him would wait for as long as he may be silent.
    expect(performance.now() - before).toBeLessThan(0.8 * CONNECT_WITHIN_MS)
  })

  test('two observers of one name are nobody to be told of', async () => {
    for (let turn = 0; turn < 6; turn += 1) await hub.connect({ tls: member.tls, clientId: 'qinglong~look' }).catch(() => null)
    expect(await openKinds(hub.ledger)).toEqual([])
  })

  test('a second machine may take the place of a dead line, but not fight for it', async () => {
    const lines: Client[] = []
    for (let turn = 0; turn < 4; turn += 1) lines.push(await joined())
    await Promise.all(lines.slice(0, 3).map(({ gone }) => gone))
    await refused({ tls: member.tls, clientId: 'qinglong' })
    expect(lines[3]?.client.connected).toBe(true)
    expect(await openKinds(hub.ledger)).toContain('clone')
  })

  test('two epochs that come and go in turn are two machines', async () => {
    for (const epoch of ['a', 'b', 'a']) await say(await joined(), topicOf('birth', 'qinglong'), birthOf(epoch.repeat(16)))
    expect(await openKinds(hub.ledger)).toContain('clone')
    await refused({ tls: member.tls, clientId: 'qinglong' })
  })
})

describe('what nobody may do', () => {
  const closes = async (client: Client, act: () => Promise<unknown>) => {
    void act().catch(() => {})
    await client.gone
  }

  test.each([
    ['the stream of another node', topicOf('upLog', 'baihe')],
    ['what only the hub says', DOWN_HAVE],
    ['the state of the hub', HUB_STATE_TOPIC],
    ['a topic nobody knows', 'lotkeeper/v1/nodes/qinglong/other'],
    ['topics of the broker itself', '$SYS/qinglong'],
  ])('publish on %s', async (_whose, topic) => {
    const client = await joined()
    await closes(client, () => say(client, topic, 'x'))
    expect(await openKinds(hub.ledger)).toEqual(['topic-forged'])
  })

  test('leave a will on a topic of another', async () => {
    const will = { topic: topicOf('death', 'baihe'), payload: Buffer.from('x'), qos: 1 as const, retain: false }
    await expect(hub.connect({ tls: member.tls, clientId: 'qinglong', more: { will } })).rejects.toThrow()
  })

  test.each(['#', '+/#', '$SYS/#', 'lotkeeper/v1/nodes/+/up/log', topicOf('downLog', 'baihe')])('subscribe to %s', async (filter) => {
    const client = await hub.connect({ tls: member.tls, clientId: 'qinglong' })
    const granted = await client.client.subscribeAsync(filter, { qos: 1 }).catch((error: Error) => error.message)
    expect(JSON.stringify(granted)).toMatch(/128|Unspecified error/)
    expect(client.client.connected).toBe(true)
  })

  test('send 10 MB, or QoS 2', async () => {
    const big = await joined()
    await closes(big, () => say(big, UP_LOG, Buffer.alloc(10_000_000, 32)))
    const twice = await joined()
    await closes(twice, () => say(twice, UP_LOG, 'x', 2))
    expect(hub.ingest.counts().offences).toMatchObject({ 'frame-too-large': 1, 'qos-2': 1 })
    expect(isRefusal(await hub.ledger.take([]))).toBe(false)
  })

  test('leave anything on a topic for those who come later', async () => {
    const client = await joined()
    await client.client.publishAsync(UP_LOG, batchOf(received(1)), { qos: 1, retain: true })
    const observer = await hub.connect({ tls: member.tls, clientId: 'qinglong~look' })
    await observer.client.subscribeAsync('lotkeeper/v1/nodes/qinglong/#', { qos: 1 })
    await say(client, topicOf('birth', 'qinglong'), birthOf('00000000000000aa'))
    await observer.hears(topicOf('birth', 'qinglong'))
    expect(observer.heard.filter(({ retain }) => retain)).toEqual([])
  })

  test('speak as an observer, who hears the topics of its node and nothing else', async () => {
    const client = await joined()
    const observer = await hub.connect({ tls: member.tls, clientId: 'qinglong~look' })
    await observer.client.subscribeAsync('lotkeeper/v1/nodes/qinglong/#', { qos: 1 })
    await say(client, UP_LOG, batchOf(received(1)))
    await observer.hears(UP_LOG)
    await closes(observer, () => say(observer, UP_LOG, 'x'))
    expect(client.client.connected).toBe(true)
  })
})

const siteDraft = (action: string) => ({
  ...{ stream: 'hub>all', kind: 'site' as const, action, part: 0, actor: null, doc: null, lines: [] },
  body: { site: 'qinglong', version: 1, name: { zh: '青龙', en: 'Q' }, zone: 'Asia/Shanghai', rooms: [] },
})
const titles = async (): Promise<readonly string[]> => {
  const page = await hub.ledger.ask.discrepancies({})
  return isRefusal(page) ? [page.code] : page.rows.map(({ title }) => title.en)
}
const pem = ({ tls }: Member) => ({ key: tls.key, cert: tls.certificate })
const stateText = (): string =>
  HUB_STATE.write(HEAD, { epoch: '00000000000000ee', incarnation: 1, at: AT, ...hub.keys.identity.now().certificate })
