import { createServer, type Server, type TLSSocket } from 'node:tls'
import { HUB_STATE_TOPIC, mayPublish, maySubscribe, readTopic } from '@lotkeeper/protocol/wire/topics.ts'
import { Aedes } from 'aedes'
import { fault } from '../faults.ts'
import type { HubParts } from '../parts.ts'
import { type Broker, type BrokerEvents, CONNECT_BYTES_MAX, CONNECT_WITHIN_MS, CONNECTIONS_MAX, MESSAGE_BYTES_MAX } from './broker.ts'
import { openFrameGuard } from './guard.ts'
import { type Member, memberOf } from './rights.ts'
import { openTakeovers } from './takeovers.ts'

/** Where the broker listens and how it proves itself; PEM texts. */
export interface BrokerSettings {
  readonly host: string
  readonly port: number
  readonly key: string
  readonly certificate: string
  /** The county's authority: who has no certificate of it is refused in the handshake. */
  readonly authority: string
}

/**
 * The one door of Aedes: MQTT 3.1.1 over TLS 1.3 with client certificates. PUBACK waits in `authorizePublish`, which Aedes runs before it
 * acknowledges; an error there would close the connection and the node would resend for ever, so content is never refused here.
 */
export const openBroker = async (settings: BrokerSettings, on: BrokerEvents, parts: Pick<HubParts, 'clock'>): Promise<Broker> => {
  const members = new Map<Client, Member>()
  const takeovers = openTakeovers()
  const current = new Map<string, Client>()
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_WITHIN_MS,
    maxInflightInbound: 1,
    maxTopicLevels: 8,
    preConnect: (client, packet, done) => {
      const member = memberOf(packet.clientId, commonNameOf(client))
      if (!member) on.offence(null, 'name-foreign', `${packet.clientId} / ${commonNameOf(client) ?? '-'}`)
      const mayStay = member !== null && (!current.has(packet.clientId) || takeovers.mayTake(packet.clientId, parts.clock.now()))
      if (member && !mayStay) on.offence(member.node, 'two-clients', packet.clientId)
      if (member && mayStay) members.set(client, member)
      if (packet.will && (!member || member.observer || !mayPublish(member.node, packet.will.topic)))
        return done(new Error('will refused'), false)
      done(mayStay ? null : new Error('client refused'), mayStay)
    },
    authorizePublish: (client, packet, done) => {
      const member = client ? members.get(client) : memberOfWill(packet.topic)
      if (!member || packet.topic.startsWith('$SYS') || !mayAct(member, packet.topic)) {
        on.offence(member?.node ?? null, 'topic-forged', packet.topic)
        return done(new Error('publish refused'))
      }
      if (packet.qos === 2) {
        on.offence(member.node, 'qos-2', packet.topic)
        return done(new Error('QoS 2 refused'))
      }
      packet.retain = false
      tell(on, member, packet.topic, bytesOf(packet.payload), done)
    },
    authorizeSubscribe: (client, subscription, done) => {
      const member = members.get(client)
      if (member && maySubscribe(member.node, subscription.topic))
        return done(null, { ...subscription, qos: subscription.qos === 2 ? 1 : subscription.qos })
      on.offence(member?.node ?? null, 'filter-foreign', subscription.topic)
      // A null subscription is answered 0x80 and the connection goes on [MQTT-3.9.3].
      done(null, null)
    },
  })
  aedes.on('clientReady', (client) => {
    current.set(client.id, client)
    admitted(client)
  })
  aedes.on('clientDisconnect', (client) => {
    const member = members.get(client)
    members.delete(client)
    if (current.get(client.id) !== client) return
    current.delete(client.id)
    if (member && !member.observer) on.gone(member.node)
  })
  // A client that misbehaves or vanishes is its own trouble; what mattered of it was told above.
  aedes.on('clientError', (client) => client.close())
  aedes.on('connectionError', (client) => client.close())

  const server = await listen(settings, (socket) => {
    guardSocket(socket, () => on.offence(nodeOf(socket), 'frame-too-large', socket.remoteAddress ?? '-'))
    aedes.handle(socket)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : settings.port,
    publish: (topic, payload, retain = false) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: retain && topic === HUB_STATE_TOPIC, dup: false }, () => {})
    },
    online: () => [...current.keys()].flatMap((id) => (id.includes('~') ? [] : [id])),
    drop: (node) => current.get(node)?.close(),
    close: async () => {
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

type Client = Parameters<NonNullable<Aedes['preConnect']>>[0]

const mayAct = (member: Member, topic: string): boolean => !member.observer && mayPublish(member.node, topic)

/** A will is published by the broker itself, after its client went; its topic was checked when it was left. */
const memberOfWill = (topic: string): Member | undefined => {
  const read = readTopic(topic)
  return read && read.name === 'death' ? { node: read.node, observer: false } : undefined
}

const tell = (on: BrokerEvents, member: Member, topic: string, payload: Uint8Array, done: (error?: Error | null) => void): void => {
  const name = readTopic(topic)?.name
  if (name === 'upLog') {
    // Whatever became of it, the node must not be told to send the same bytes again: only a `have` says what is held.
    void on.log(member.node, payload).then(
      () => done(null),
      () => done(null),
    )
    return
  }
  if (name === 'upHave') on.have(member.node, payload)
  if (name === 'birth') on.birth(member.node, payload)
  if (name === 'death') on.death(member.node, payload)
  done(null)
}

const bytesOf = (payload: string | Buffer): Uint8Array => (typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload)

const commonNameOf = (client: Client): string | undefined => nameOf(client.conn as TLSSocket)
const nameOf = (socket: TLSSocket): string | undefined => {
  const name = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' ? name : undefined
}
const nodeOf = (socket: TLSSocket): string | null => nameOf(socket) ?? null

const ADMIT = Symbol('admit')
type GuardedSocket = TLSSocket & { [ADMIT]?: () => void }
const admitted = (client: Client): void => (client.conn as GuardedSocket)[ADMIT]?.()

/** Looks at every chunk before the broker library does; it reads by `socket.read()`, so that is where the guard stands. */
const guardSocket = (socket: GuardedSocket, tooLarge: () => void): void => {
  const guard = openFrameGuard({ beforeConnect: CONNECT_BYTES_MAX, after: MESSAGE_BYTES_MAX })
  const read = socket.read.bind(socket)
  socket[ADMIT] = guard.admit
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    if (chunk === null || guard.passes(chunk)) return chunk
    tooLarge()
    socket.destroy()
    return null
  }
}

const listen = (settings: BrokerSettings, take: (socket: TLSSocket) => void): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(
      {
        key: settings.key,
        cert: settings.certificate,
        ca: settings.authority,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.3',
      },
      take,
    )
    server.maxConnections = CONNECTIONS_MAX
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    server.once('error', (cause) =>
      reject(fault('broker.cannot-listen', { host: settings.host, port: settings.port, why: cause.message }, cause)),
    )
    server.listen(settings.port, settings.host, () => resolve(server))
  })
