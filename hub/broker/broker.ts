import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Validity } from '@lotkeeper/protocol/rules/renewal.ts'
import type { TopicName } from '@lotkeeper/protocol/wire/topics.ts'

/** What the rest of the hub knows of a message broker: who is on the line, what they say, and a way to say something. */
export interface Broker {
  readonly port: number
  /** Hands a text to a topic, QoS 1; `retain` only for the hub's own state. Never waits for a subscriber. */
  readonly publish: (topic: string, payload: string, retain?: boolean) => void
  /** Nodes whose own connection (no observer) is up. */
  readonly online: () => readonly NodeId[]
  /** Lets nobody take the place of this node's present connection for a while. */
  readonly holdOff: (node: NodeId) => void
  /** Ends a node's connection. */
  readonly drop: (node: NodeId) => void
  /** Ends every connection, a node's own or an observer's, whose key was revoked since it came. */
  readonly dropRevoked: () => void
  /** Shows this certificate, PEM with its chain, to whoever comes from now on; lines that stand go on. */
  readonly showCertificate: (certificate: string) => void
  readonly close: () => Promise<void>
}

/** What a broker tells the hub. Nothing it tells may throw. */
export interface BrokerEvents {
  /** A batch of an admitted node. PUBACK goes out when the promise settles: after the commit. */
  readonly log: (node: NodeId, payload: Uint8Array) => Promise<void>
  readonly have: (node: NodeId, payload: Uint8Array) => void
  readonly birth: (node: NodeId, payload: Uint8Array) => void
  /** A certificate the node shows of itself, or of a hub that is obeyed in the place of this one. */
  readonly certificate: (node: NodeId, payload: Uint8Array) => void
  /** Asks for new certificates; `tlsKey` (SHA-256 of its SPKI, upper-case hex) is the key of the very line it asks on. */
  readonly renewal?: (node: NodeId, payload: Uint8Array, tlsKey: string) => void
  /** The node's own connection hears of renewals from now on; `certificate` is the one it came with. */
  readonly renewable?: (node: NodeId, certificate: Validity) => void
  /** What a node's places add up to, for the hub to compare. */
  readonly digest: (node: NodeId, payload: Uint8Array) => void
  /** A node asks who may sign in at it. */
  readonly roster: (node: NodeId, payload: Uint8Array) => void
  /** `payload` is the node's own word or its will. */
  readonly death: (node: NodeId, payload: Uint8Array) => void
  /** The node's own connection hears what the hub sends down from now on. */
  readonly listening: (node: NodeId) => void
  /** The node took a message on this topic off the broker's hands (its PUBACK). */
  readonly acknowledged: (node: NodeId, topic: TopicName) => void
  /** The node's own connection ended, with or without a word. */
  readonly gone: (node: NodeId) => void
  /** Somebody did what he may not; `node` is null before a name is proved. */
  readonly offence: (node: NodeId | null, offence: Offence, detail: string) => void
}

/** What can be done wrong on the line; each is counted, named and visible. */
export const OFFENCES = {
  'topic-forged': { zh: '节点向别人的主题发布', en: 'A node published where it may not' },
  'filter-foreign': { zh: '节点订阅别人的主题', en: 'A node asked for topics that are not its own' },
  'name-foreign': { zh: '客户端编号与证书不符', en: 'A client id does not match its certificate' },
  'frame-too-large': { zh: '报文过大', en: 'A message exceeded the limit' },
  'qos-2': { zh: '使用了 QoS 2', en: 'QoS 2 was used' },
  'handshake-failed': { zh: 'TLS 握手失败：没有本县证书', en: 'A TLS handshake failed: no certificate of this county' },
  'key-revoked': { zh: '用已吊销的证书连接', en: 'A revoked certificate was used' },
  'two-clients': { zh: '两个客户端争用同一节点编号', en: 'Two clients contend for one node id' },
} as const
export type Offence = keyof typeof OFFENCES
