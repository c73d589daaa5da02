import 'reflect-metadata'
import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { BasicConstraintsExtension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { afterEach, expect, test } from 'vitest'
import { openMqtt, PAUSE_FIRST_MS, PAUSE_LONGEST_MS, pauseOf } from './mqtt.ts'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const valid = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) })
const makePair = () => webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
const pemOf = async (key: webcrypto.CryptoKey) =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')}\n-----END PRIVATE KEY-----\n`
const digestOf = (pem: string): string =>
  createHash('sha256')
    .update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .toUpperCase()

const makeCounty = async () => {
  const keys = await makePair()
  const extensions = [new BasicConstraintsExtension(true, 0, true)]
  const made = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['county'] }],
    keys,
    signingAlgorithm: ECDSA,
    extensions,
    ...valid(),
  })
  const certified = async (commonName: string, address: string) => {
    const pair = await makePair()
    const certificate = await X509CertificateGenerator.create({
      ...{
        subject: [{ CN: [commonName] }],
        issuer: made.subjectName,
        publicKey: pair.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ECDSA,
      },
      ...{ extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: address }])], ...valid() },
    })
    return { key: await pemOf(pair.privateKey), certificate: certificate.toString('pem') }
  }
  return { authority: made.toString('pem'), certified }
}

/** Enough of a broker [MQTT 3.1.1]: acknowledges what it is told, and lets the test say the rest. */
const openTestBroker = async (county: Awaited<ReturnType<typeof makeCounty>>, address = '127.0.0.1') => {
  const own = await county.certified('hub', address)
  const seen: { type: number; text: string; common: string }[] = []
  const sockets = new Set<TLSSocket>()
  const settings = { acknowledge: true, refused: 'nothing' }
  const server = createServer(
    { key: own.key, cert: own.certificate, ca: county.authority, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
    (socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
      let held = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        held = Buffer.concat([held, chunk])
        for (let packet = packetOf(held); packet; packet = packetOf(held)) {
          held = held.subarray(packet.bytes)
          answer(socket, packet)
        }
      })
    },
  )
  const answer = (socket: TLSSocket, { type, body }: Packet) => {
    const text = body.toString('latin1')
    seen.push({ type, text, common: String(socket.getPeerCertificate().subject.CN) })
    if (type === 1) socket.write(Buffer.from([0x20, 2, 0, 0]))
    if (type === 8) {
      const grants = filtersOf(body).map((filter) => (filter.endsWith(settings.refused) ? 128 : 1))
      socket.write(Buffer.from([0x90, 2 + grants.length, body[0] ?? 0, body[1] ?? 0, ...grants]))
    }
    if (type === 3 && settings.acknowledge) {
      const topic = body.readUInt16BE(0)
      socket.write(Buffer.concat([Buffer.from([0x40, 2]), body.subarray(2 + topic, 4 + topic)]))
    }
  }
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  closing.push(close)
  return {
    url: `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`,
    digest: digestOf(own.certificate),
    seen,
    settings,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    say: (topic: string, payload: string) => {
      const head = Buffer.from([topic.length >> 8, topic.length & 255])
      const body = Buffer.concat([head, Buffer.from(topic), Buffer.from(payload)])
      for (const socket of sockets) socket.write(Buffer.concat([Buffer.from([0x30, body.length]), body]))
    },
    close,
  }
}

/** The filters of a SUBSCRIBE: its number, then each with its length before and its QoS behind it [MQTT-3.8.3]. */
const filtersOf = (body: Buffer): readonly string[] => {
  const filters: string[] = []
  for (let at = 2; at < body.length; at += 3 + body.readUInt16BE(at))
    filters.push(body.toString('utf8', at + 2, at + 2 + body.readUInt16BE(at)))
  return filters
}

interface Packet {
  readonly type: number
  readonly body: Buffer
  readonly bytes: number
}
const packetOf = (held: Buffer): Packet | null => {
  let length = 0
  for (let at = 1; at <= 4; at += 1) {
    const byte = held[at]
    if (byte === undefined) return null
    length += (byte & 127) * 128 ** (at - 1)
    if (byte < 128)
      return held.length < at + 1 + length
        ? null
        : { type: (held[0] ?? 0) >> 4, body: held.subarray(at + 1, at + 1 + length), bytes: at + 1 + length }
  }
  return null
}

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const until = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 15_000, interval: 20 }).toBe(true)

const openNode = async (county: Awaited<ReturnType<typeof makeCounty>>, url: string, hubKeys: readonly string[]) => {
  const own = await county.certified('qinglong', '127.0.0.1')
  const told: string[] = []
  const parts = {
    clock: { now: Date.now, monotonic: () => performance.now() },
    timers: {
      after: (ms: number, run: () => void) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    },
    random: { bytes: () => new Uint8Array(), fraction: () => 0 },
  }
  const link = openMqtt({ url, node: 'qinglong', papers: () => own, authority: county.authority, hubKeys: () => hubKeys }, parts)(
    {
      up: () => void told.push('up'),
      down: (why) => void told.push(`down ${why}`),
      message: (topic, payload) => void told.push(`${topic} ${payload}`),
    },
    { topic: 'lotkeeper/v1/nodes/qinglong/death', payload: 'gone' },
  )
  closing.push(link.close)
  return { link, told }
}

test('comes up with its name, its will and its topics, says, hears, and comes back after a break', async () => {
  const county = await makeCounty()
  const broker = await openTestBroker(county)
  const { link, told } = await openNode(county, broker.url, [broker.digest])
  await until(() => told.includes('up'))
  const [connect, subscribe] = broker.seen
  expect(connect?.text).toContain('MQTT\x04')
  expect(connect?.text).toMatch(/qinglong.*lotkeeper\/v1\/nodes\/qinglong\/death.*gone/s)
  expect(connect?.common).toBe('qinglong')
  expect(subscribe?.text).toMatch(/nodes\/qinglong\/down\/log.*nodes\/qinglong\/down\/have.*hub\/state/s)
  await link.publish('lotkeeper/v1/nodes/qinglong/up/log', '批次')
  expect(Buffer.from(broker.seen.at(-1)?.text ?? '', 'latin1').toString()).toContain('批次')
  broker.say('lotkeeper/v1/hub/state', '{}')
  await until(() => told.includes('lotkeeper/v1/hub/state {}'))
  broker.settings.acknowledge = false
  const broken = link.publish('lotkeeper/v1/nodes/qinglong/up/log', 'lost').then(
    () => 'taken',
    () => 'broken',
  )
  await until(() => broker.seen.some(({ text }) => text.includes('lost')))
  broker.cut()
  expect(await broken).toBe('broken')
  await until(() => told.filter((one) => one === 'up').length === 2)
  expect(broker.seen.filter(({ text }) => text.includes('lost'))).toHaveLength(1)
  await link.close()
  await expect(link.publish('x', 'y')).rejects.toThrow('down')
})

test('a hub is known by its certified key whatever it is called; anybody else stays outside, other members of the county too', async () => {
  const county = await makeCounty()
  const [renamed, named, stranger] = [
    await openTestBroker(county, '10.9.8.7'),
    await openTestBroker(county),
    await openTestBroker(await makeCounty()),
  ]
  const rows = [
    await openNode(county, renamed.url, [renamed.digest]),
    await openNode(county, named.url, []),
    await openNode(county, stranger.url, [stranger.digest]),
  ]
  await until(() => rows.every(({ told }) => told.length > 0))
  expect(rows.map(({ told }) => told[0]?.split(' ')[0])).toEqual(['up', 'down', 'down'])
})

test.for(['digest', 'roster'])('%s goes only to a hub that knows it: an older one would end the line', async (topic) => {
  const county = await makeCounty()
  const [knowing, old] = [await openTestBroker(county), await openTestBroker(county)]
  old.settings.refused = `down/${topic}`
  const ends = [await openNode(county, knowing.url, [knowing.digest]), await openNode(county, old.url, [old.digest])]
  await until(() => ends.every(({ told }) => told.includes('up')))
  await until(() => [knowing, old].every(({ seen }) => seen.filter(({ type }) => type === 8).length === 3))
  const say = (end: (typeof ends)[number]) =>
    end.link.publish(`lotkeeper/v1/nodes/qinglong/up/${topic}`, '{}').then(
      () => 'taken',
      (error: Error) => error.message,
    )
  // What is said behind the answers to the subscriptions is heard when these were.
  for (const broker of [knowing, old]) broker.say('lotkeeper/v1/hub/state', '{}')
  const heard = ['up', 'lotkeeper/v1/hub/state {}']
  await until(() => ends.every(({ told }) => told.length === heard.length))
  expect(await Promise.all(ends.map(say))).toEqual(['taken', 'the hub does not know this topic'])
  expect(ends.map(({ told }) => told)).toEqual([heard, heard])
})

test('pauses grow, are never in step and never longer than half a minute', () => {
  expect([0, 1, 2, 5, 6, 60].map((attempt) => pauseOf(attempt, 1))).toEqual([
    PAUSE_FIRST_MS,
    1_000,
    2_000,
    16_000,
    PAUSE_LONGEST_MS,
    PAUSE_LONGEST_MS,
  ])
  expect(pauseOf(3, 0)).toBe(2_000)
})
