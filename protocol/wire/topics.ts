import type { TSchema } from 'typebox'
import { isNodeId, type NodeId } from '../names.ts'
import { BATCH } from './batch.ts'
import { CERTIFICATE_SHOWN } from './certificate.ts'
import { DIGEST, DIGEST_ASK } from './digest.ts'
import { BIRTH, DEATH, HAVE, HUB_STATE } from './have.ts'
import { RENEWAL, RENEWAL_ASK } from './renewal.ts'
import { ROSTER_ASK, ROSTER_TOLD } from './roster.ts'

/**
 * Every topic there is. MQTT 3.1.1, QoS 1, nothing of the ledger retained; a node may publish `up` and subscribe `down` of its own
 * branch and read the hub's state, nothing else [ledger-and-sync 3].
 */
export const TOPICS = {
  upLog: { tail: 'up/log', from: 'node', retained: false, message: BATCH.schema, zh: '节点的记账批次', en: 'Batches a node sends' },
  upHave: { tail: 'up/have', from: 'node', retained: false, message: HAVE.schema, zh: '节点已持有', en: 'What a node holds' },
  downLog: { tail: 'down/log', from: 'hub', retained: false, message: BATCH.schema, zh: '县中心下发的批次', en: 'Batches for a node' },
  downHave: {
    tail: 'down/have',
    from: 'hub',
    retained: false,
    message: HAVE.schema,
    zh: '县中心已持有',
    en: 'What the hub holds of a node',
  },
  upCertificate: {
    tail: 'up/certificate',
    from: 'node',
    retained: false,
    message: CERTIFICATE_SHOWN.schema,
    zh: '节点出示自己的证书，或编号更高的县中心的证书',
    en: 'A certificate a node shows of itself, or of a hub above this one',
  },
  upDigest: {
    tail: 'up/digest',
    from: 'node',
    retained: false,
    message: DIGEST.schema,
    zh: '节点账面摘要',
    en: "Digest of a node's places",
  },
  downDigest: {
    tail: 'down/digest',
    from: 'hub',
    retained: false,
    message: DIGEST_ASK.schema,
    zh: '县中心要求的摘要明细',
    en: 'Buckets of a digest the hub has otherwise',
  },
  upRenewal: {
    tail: 'up/renewal',
    from: 'node',
    retained: false,
    message: RENEWAL_ASK.schema,
    zh: '节点请求更新证书',
    en: 'A node asks for new certificates of its keys',
  },
  downRenewal: {
    tail: 'down/renewal',
    from: 'hub',
    retained: false,
    message: RENEWAL.schema,
    zh: '新证书，或县中心要求更新',
    en: 'New certificates, or the wish that the node ask for them',
  },
  upRoster: {
    tail: 'up/roster',
    from: 'node',
    retained: false,
    message: ROSTER_ASK.schema,
    zh: '节点询问谁可以登录',
    en: 'A node asks who may sign in at it',
  },
  downRoster: {
    tail: 'down/roster',
    from: 'hub',
    retained: false,
    message: ROSTER_TOLD.schema,
    zh: '县中心下发的人员名单，只有本节点能解开',
    en: 'Who may sign in, sealed to the node',
  },
  birth: { tail: 'birth', from: 'node', retained: false, message: BIRTH.schema, zh: '节点上线', en: 'A node comes up' },
  death: { tail: 'death', from: 'node', retained: false, message: DEATH.schema, zh: '节点离线', en: 'A node went (will)' },
} as const satisfies Record<string, { tail: string; from: 'node' | 'hub'; retained: boolean; message: TSchema; zh: string; en: string }>
export type TopicName = keyof typeof TOPICS

export const TOPIC_ROOT = 'lotkeeper/v1'
/** The hub's retained state, readable by every node. */
export const HUB_STATE_TOPIC = `${TOPIC_ROOT}/hub/state`
export const HUB_STATE_SCHEMA: TSchema = HUB_STATE.schema

export const topicOf = (name: TopicName, node: NodeId): string => `${TOPIC_ROOT}/nodes/${node}/${TOPICS[name].tail}`

/** Which topic of which node a topic string is, or `null`. */
export const readTopic = (topic: string): { readonly name: TopicName; readonly node: NodeId } | null => {
  const start = `${TOPIC_ROOT}/nodes/`
  if (!topic.startsWith(start)) return null
  const slash = topic.indexOf('/', start.length)
  const node = topic.slice(start.length, slash)
  const tail = topic.slice(slash + 1)
  const name = (Object.keys(TOPICS) as TopicName[]).find((one) => TOPICS[one].tail === tail)
  return slash > 0 && name && isNodeId(node) ? { name, node } : null
}

/** Whether this node may publish there: only `from: node` topics of its own branch. */
export const mayPublish = (node: NodeId, topic: string): boolean => {
  const read = readTopic(topic)
  return read !== null && read.node === node && TOPICS[read.name].from === 'node'
}

/** Whether this node may subscribe there: its own branch (also as `.../#`) and the hub's state. */
export const maySubscribe = (node: NodeId, filter: string): boolean => {
  if (filter === HUB_STATE_TOPIC) return true
  const branch = `${TOPIC_ROOT}/nodes/${node}/`
  return filter.startsWith(branch) && (filter === `${branch}#` || readTopic(filter) !== null)
}
