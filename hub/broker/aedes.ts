import type { TLSSocket } from 'node:tls'
import { HUB_STATE_TOPIC, mayPublish, maySubscribe, readTopic } from '@lotkeeper/protocol/wire/topics.ts'
import { Aedes } from 'aedes'
import type { HubParts } from '../parts.ts'
import type { Broker, BrokerEvents } from './broker.ts'
import { type Member, memberOf } from './rights.ts'
import { admit, type BrokerSettings, CONNECT_WITHIN_MS, certifiedName, guardSocket, listen, tlsKeyOf, validityOf } from './sockets.ts'
import { openTakeovers } from './takeovers.ts'

/**
 * The one door of Aedes: MQTT 3.1.1 over TLS 1.3 with client certificates. PUBACK waits in `authorizePublish`, which Aedes runs before it
 * acknowledges; an error there would close the connection and the node would resend for ever, so content is never refused here.
 */
export const openBroker = async (settings: BrokerSettings, on: BrokerEvents, parts: Pick<HubParts, 'clock'>): Promise<Broker> => {
  const members = new WeakMap<Client, Member>()
  const sent = openSentTopics()
  const takeovers = openTakeovers()
  const current = new Map<string, Client>()
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_WITHIN_MS,
    maxInflightInbound: 1,
    maxTopicLevels: 8,
    preConnect: (client, packet, done) => {
      const member = memberOf(packet.clientId, certifiedName(socketOf(client)))
      if (!member) on.offence(null, 'name-foreign', `${packet.clientId} / ${certifiedName(socketOf(client)) ?? '-'}`)
      if (member && settings.isRevoked(tlsKeyOf(socketOf(client)))) {
        on.offence(member.node, 'key-revoked', packet.clientId)
        return done(new Error('certificate revoked'), false)
      }
      // A session kept for somebody who is away would grow without an end; the ledgers remember, the broker need not.
      packet.clean = true
      const mayStay = member !== null && (!current.has(packet.clientId) || takeovers.mayTake(packet.clientId, parts.clock.now()))
      if (member && !member.observer && !mayStay) on.offence(member.node, 'two-clients', packet.clientId)
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
      if (client && readTopic(packet.topic)?.name === 'upRenewal')
        on.renewal?.(member.node, bytesOf(packet.payload), tlsKeyOf(socketOf(client)))
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
    authorizeForward: (client, packet) => {
      if (packet.qos > 0) sent.left(client, packet.topic)
      return packet
    },
  })
  const isRevoked = (client: Client) => settings.isRevoked(tlsKeyOf(socketOf(client)))
  aedes.on('clientReady', (client) => {
    // Its key may have been revoked between CONNECT and here, when it was in nobody's list yet.
    if (isRevoked(client)) return client.close()
    current.set(client.id, client)
    admit(socketOf(client))
  })
  aedes.on('subscribe', (subscriptions, client) => {
    const member = members.get(client)
    if (!member || member.observer) return
    if (subscriptions.some(({ topic }) => hears(topic))) on.listening(member.node)
    const validity = subscriptions.some(({ topic }) => readTopic(topic)?.name === 'downRenewal') ? validityOf(socketOf(client)) : null
    if (validity) on.renewable?.(member.node, validity)
  })
  aedes.on('ack', (_packet, client) => {
    const member = members.get(client)
    const name = readTopic(sent.acknowledged(client) ?? '')?.name
    if (member && !member.observer && name) on.acknowledged(member.node, name)
  })
  aedes.on('clientDisconnect', (client) => {
    const member = members.get(client)
    if (current.get(client.id) !== client) return
    current.delete(client.id)
    if (member && !member.observer) on.gone(member.node)
  })
  // A client that misbehaves or vanishes is its own trouble; what mattered of it was told above.
  aedes.on('clientError', (client) => client.close())
  aedes.on('connectionError', (client) => client.close())

  const take = (socket: TLSSocket) => {
    guardSocket(socket, () => on.offence(certifiedName(socket) ?? null, 'frame-too-large', socket.remoteAddress ?? '-'))
    aedes.handle(socket)
  }
  const server = await listen(settings, take, (why) => on.offence(null, 'handshake-failed', why)).catch((cause: unknown) => {
    aedes.close()
    throw cause
  })
  return {
    port: server.port,
    publish: (topic, payload, retain = false) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: retain && topic === HUB_STATE_TOPIC, dup: false }, () => {})
    },
    online: () => [...current.keys()].flatMap((id) => (id.includes('~') ? [] : [id])),
    holdOff: (node) => takeovers.holdOff(node, parts.clock.now()),
    drop: (node) => current.get(node)?.close(),
    dropRevoked: () => {
      for (const client of current.values()) if (isRevoked(client)) client.close()
    },
    showCertificate: server.showCertificate,
    close: async () => {
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      await server.close()
    },
  }
}

type Client = Parameters<NonNullable<Aedes['preConnect']>>[0]
/** Every connection came through `listen`, so it is one of TLS. */
const socketOf = (client: Client): TLSSocket => client.conn as TLSSocket

const mayAct = (member: Member, topic: string): boolean => !member.observer && mayPublish(member.node, topic)

/** Whether a filter lets its owner hear what the hub holds. */
const hears = (filter: string): boolean => filter.endsWith('/#') || readTopic(filter)?.name === 'downHave'

/** Topics on their way to each client, oldest first: a client acknowledges in the order it was sent to, and says only a number. */
const openSentTopics = () => {
  const topics = new WeakMap<Client, string[]>()
  return {
    left: (client: Client, topic: string) => {
      const list = topics.get(client) ?? []
      topics.set(client, list)
      list.push(topic)
      if (list.length > UNACKNOWLEDGED_MAX) list.shift()
    },
    acknowledged: (client: Client): string | undefined => topics.get(client)?.shift(),
  }
}
/** A node that never acknowledges is not followed further; its line will break by itself. */
const UNACKNOWLEDGED_MAX = 256

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
  if (name === 'upCertificate') on.certificate(member.node, payload)
  if (name === 'upDigest') on.digest(member.node, payload)
  if (name === 'upRoster') on.roster(member.node, payload)
  if (name === 'death') on.death(member.node, payload)
  done(null)
}

const bytesOf = (payload: string | Buffer): Uint8Array => (typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload)
