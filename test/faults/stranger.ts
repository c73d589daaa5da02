import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import type { County } from '@lotkeeper/deploy/county/county.ts'
import { openCrypto, openSigner } from '@lotkeeper/edge/crypto.ts'
import { joinCounty } from '@lotkeeper/edge/join/join.ts'
import { openKeys } from '@lotkeeper/edge/join/keys.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { HAVE, type HaveBody } from '@lotkeeper/protocol/wire/have.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import { connectMqtt, type MqttLine, type MqttOptions } from '../mqtt.ts'

/** A member of the county in the hands of a test: true keys and certificates, and no software of ours behind them. */
export interface Stranger {
  readonly node: string
  readonly signer: Signer
  readonly papers: Papers
  /** Comes on line, under its own name unless said otherwise; rejects when it is not let in. */
  readonly comeOnLine: (more?: MqttOptions) => Promise<Present>
}
export interface Papers {
  readonly key?: string
  readonly cert?: string
  readonly ca?: string
}

/** A client that is on line. */
export interface Present {
  readonly client: MqttLine
  /** Settles when the connection ended, whoever ended it. */
  readonly gone: Promise<void>
  /** Publishes and waits for the PUBACK. */
  readonly say: (topic: string, payload: string | Buffer) => Promise<void>
  /** Hands a batch to the hub as its own word and waits for the PUBACK. */
  readonly send: (batch: BatchReading) => Promise<void>
  /** The hub's last word on a stream. */
  readonly told: (stream: string) => HaveBody['tips']
  readonly leave: () => Promise<void>
}

/** Enrols a further node, by the same code and certificates as every other. */
export const enrolStranger = async (county: County, node: string): Promise<Stranger> => {
  const client = await county.hubClient()
  const { code } = await client.get('createEnrolment', { action: newAction(), node, name: { zh: node, en: node }, rooms: [] })
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-stranger-'))
  try {
    const hub = String(county.hub().ready['https'])
    await joinCounty(openCrypto(), { hub, code, folder, node: null, replace: false, names: [] })
    return strangerWith(county, node, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Somebody with the very keys of a node that is at work. */
export const holderOfKeys = (county: County, node: string): Stranger => strangerWith(county, node, join(county.home, node, 'keys'))

const strangerWith = (county: County, node: string, folder: string): Stranger => {
  const { signing, enrolled } = openKeys(folder)
  if (!enrolled) throw new Error(`${node} is not enrolled`)
  const papers = { key: enrolled.tls.key, cert: enrolled.tls.certificate, ca: enrolled.authority }
  return {
    node,
    signer: openSigner(openCrypto(), signing),
    papers,
    comeOnLine: (more = {}) => present(node, connectMqtt(county.broker(), { ...papers, ...ONCE, clientId: node, ...more })),
  }
}

/** A TLS connection to the broker with these papers, or none; rejects when the handshake itself fails. */
export const openSocket = (county: County, papers: Papers, more: object = {}): Promise<TLSSocket> => {
  const { hostname: host, port } = new URL(county.broker())
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), ...TRUSTING, ...papers, ...more })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

/** Whoever answers at the broker's address is believed: it is the broker that is on trial here. */
const TRUSTING = { checkServerIdentity: () => undefined }
const ONCE = { protocolVersion: 4, clean: true, reconnectPeriod: 0, connectTimeout: 10_000, ...TRUSTING } as const

/** The same bytes each time the same batch is sent. */
const SENT_AT = '2026-11-22T01:02:03.004Z'

const present = (node: string, client: MqttLine): Promise<Present> =>
  new Promise((resolve, reject) => {
    let tips: HaveBody['tips'] = []
    const gone = new Promise<void>((over) => client.once('close', () => over()))
    client.on('error', reject)
    void gone.then(() => reject(new Error('the broker closed the connection')))
    client.on('message', (topic, payload) => {
      if (topic === topicOf('downHave', node)) tips = HAVE.read(payload.toString())?.body.tips ?? tips
    })
    const say: Present['say'] = async (topic, payload) => void (await client.publishAsync(topic, payload, { qos: 1 }))
    client.once('connect', () => {
      client.subscribe(topicOf('downHave', node), { qos: 1 })
      resolve({
        ...{ client, gone, say },
        send: (batch) => say(topicOf('upLog', node), writeBatch(batch, { source: `lotkeeper/${node}`, time: SENT_AT })),
        told: (stream) => tips.filter((tip) => tip.stream === stream),
        leave: () => client.endAsync(),
      })
    })
  })
