import { createHash, X509Certificate } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { HUB_STATE_TOPIC, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { MqttClient } from 'mqtt'
import type { EdgeParts, OpenLink } from '../parts.ts'

/** Where the broker is, and how both ends prove who they are; PEM texts. */
export interface MqttSettings {
  /** `mqtts://host:port` */
  readonly url: string
  readonly node: NodeId
  /** The node's key and its certificate as they are now; each connection takes them anew. */
  readonly papers: () => { readonly key: string; readonly certificate: string }
  /** The county's authority, which signed both ends' TLS certificates. */
  readonly authority: string
  /** SHA-256 of the hub's TLS keys as the county certified them, upper-case hex: such a key is the hub by whatever name it is reached, and nothing else is. */
  readonly hubKeys: () => readonly string[]
}

/**
 * The one door of mqtt.js: MQTT 3.1.1 over TLS 1.3, QoS 1, clean session. Every connection is a new client, so nothing of its own store is ever
 * sent again: what to repeat is the ledger's to know (engine.md 2.7; E-004). Reconnects for ever with growing, jittered pauses.
 */
export const openMqtt =
  (settings: MqttSettings, parts: Pick<EdgeParts, 'clock' | 'timers' | 'random'>): OpenLink =>
  (on, will) => {
    const line: State = {
      settings,
      parts,
      on,
      will,
      client: null,
      up: false,
      digests: false,
      renewals: false,
      rosters: false,
      closed: false,
      attempt: 0,
      upAt: 0,
      cancel: () => {},
    }
    void connect(line)
    return {
      publish: (topic, payload) => publish(line, topic, payload),
      close: () => close(line),
    }
  }

/** First and longest pause between two connections. */
export const PAUSE_FIRST_MS = 500
export const PAUSE_LONGEST_MS = 30_000

/** Pause before the n-th attempt: doubled each time, between half and all of it: a county that lost its hub must not come back in step. */
export const pauseOf = (attempt: number, fraction: number): number =>
  Math.min(PAUSE_LONGEST_MS, PAUSE_FIRST_MS * 2 ** Math.min(attempt, 16)) * (0.5 + fraction / 2)

interface State {
  readonly settings: MqttSettings
  readonly parts: Pick<EdgeParts, 'clock' | 'timers' | 'random'>
  readonly on: Parameters<OpenLink>[0]
  readonly will: Parameters<OpenLink>[1]
  client: MqttClient | null
  up: boolean
  /** The hub asks for digests, so it knows all topics that came after the first version. */
  digests: boolean
  /** The hub renews certificates on the line. */
  renewals: boolean
  /** It tells who may sign in. */
  rosters: boolean
  closed: boolean
  attempt: number
  upAt: number
  cancel: () => void
}

const connect = async (line: State): Promise<void> => {
  // Loaded with the first connection: a node that is not enrolled does not pay for it.
  const mqtt = await import('mqtt')
  if (line.closed) return
  const { url, node, papers, authority, hubKeys } = line.settings
  const { key, certificate } = papers()
  const client = mqtt.connect(url, {
    clientId: node,
    clean: true,
    protocolVersion: 4,
    keepalive: KEEPALIVE_S,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: 'native',
    will: { topic: line.will.topic, payload: Buffer.from(line.will.payload), qos: 1, retain: false },
    key,
    cert: certificate,
    ca: authority,
    rejectUnauthorized: true,
    ...judging(hubKeys),
  })
  line.client = client
  let why = 'the line closed'
  client.on('connect', () => subscribe(line, client))
  client.on('message', (topic, payload) => line.client === client && line.up && line.on.message(topic, payload.toString('utf8')))
  client.on('error', (error) => {
    why = textOf(error)
  })
  client.on('close', () => lose(line, client, why))
}

const subscribe = (line: State, client: MqttClient): void => {
  const { node } = line.settings
  client.subscribe([topicOf('downLog', node), topicOf('downHave', node), HUB_STATE_TOPIC], { qos: 1 }, (error, granted) => {
    if (line.client !== client || line.closed) return
    if (error || granted?.some((one) => one.qos === REFUSED)) {
      client.end(true)
      return
    }
    line.up = true
    line.upAt = line.parts.clock.monotonic()
    line.on.up()
    subscribeMore(line, client)
  })
}

/** Topics a hub of the first version does not know: it refuses to be asked for them, and would end the line if something came on one. */
const subscribeMore = (line: State, client: MqttClient): void => {
  const { node } = line.settings
  const [digest, renewal] = [topicOf('downDigest', node), topicOf('downRenewal', node)]
  client.subscribe([digest, renewal], { qos: 1 }, (error, granted) => {
    if (line.client !== client) return
    const isGranted = (topic: string) => !error && granted?.some((one) => one.topic === topic && one.qos < REFUSED) === true
    line.digests = isGranted(digest)
    line.renewals = isGranted(renewal)
  })
  client.subscribe(topicOf('downRoster', line.settings.node), { qos: 1 }, (error, granted) => {
    if (line.client === client) line.rosters = !error && granted?.every((one) => one.qos < REFUSED) === true
  })
}

const lose = (line: State, client: MqttClient, why: string): void => {
  if (line.client !== client) return
  const { clock, timers, random } = line.parts
  line.client = null
  // A line that stood for a while starts with the short pause again; one that flaps does not.
  if (line.up && clock.monotonic() - line.upAt >= STABLE_MS) line.attempt = 0
  line.up = false
  line.digests = false
  line.renewals = false
  line.rosters = false
  // Ending a clean client by force also tells everybody who waits for a PUBACK.
  client.end(true)
  if (line.closed) return
  line.cancel = timers.after(pauseOf(line.attempt, random.fraction()), () => void connect(line))
  line.attempt += 1
  line.on.down(why)
}

/** Whether the hub has no such topic, as far as it granted to be asked. */
const isUnknown = ({ settings: { node }, renewals, rosters, digests }: State, topic: string): boolean => {
  if (topic === topicOf('upRenewal', node)) return !renewals
  if (topic === topicOf('upRoster', node)) return !rosters
  return !digests && [topicOf('upDigest', node), topicOf('upCertificate', node)].includes(topic)
}

const publish = (line: State, topic: string, payload: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const { client } = line
    if (!client || !line.up) return reject(new Error('the line is down'))
    if (isUnknown(line, topic)) return reject(new Error('the hub does not know this topic'))
    client.publish(topic, payload, { qos: 1 }, (error) => (error ? reject(error) : resolve()))
  })

const close = async (line: State): Promise<void> => {
  line.closed = true
  line.cancel()
  const { client } = line
  if (client) await new Promise<void>((resolve) => client.end(!line.up, {}, () => resolve()))
}

/** What mqtt.js hands on to Node's TLS without knowing its names. The chain was checked already; the name is not asked, the key is (E-009). */
const judging = (hubKeys: () => readonly string[]) => ({
  minVersion: 'TLSv1.3',
  checkServerIdentity: (_host: string, peer: PeerCertificate) =>
    hubKeys().includes(keyDigest(peer.raw)) ? undefined : new Error('this key is not certified as the hub'),
})

const keyDigest = (certificate: Buffer): string => {
  const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex').toUpperCase()
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What a broker answers to a filter it does not allow [MQTT-3.9.3-2]. */
const REFUSED = 128
const KEEPALIVE_S = 30
const CONNECT_MS = 10_000
const STABLE_MS = 10_000
