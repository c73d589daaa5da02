import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeyFolder } from '@lotkeeper/hub/access/folder.ts'
import { type HubKeys, openKeys, tlsKeyDigest } from '@lotkeeper/hub/access/keys.ts'
import { openRosters, type RosterPeople, type Rosters } from '@lotkeeper/hub/access/rosters.ts'
import { type CertifiedKey, makeCertified } from '@lotkeeper/hub/access/x509.ts'
import { openBroker } from '@lotkeeper/hub/broker/aedes.ts'
import type { Broker, BrokerEvents } from '@lotkeeper/hub/broker/broker.ts'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import { type Ingest, openIngest } from '@lotkeeper/hub/ingest/ingest.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from '@lotkeeper/hub/ledger/sqlite/schema.ts'
import { base64urlOf } from '@lotkeeper/protocol/bytes.ts'
import { signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { connectMqtt, type MqttLine, type MqttOptions } from '../mqtt.ts'
import { type TestWriter, testWriter } from '../writer.ts'

/** A hub's broker, ingest and ledger on a real port, and real MQTT clients over real TLS. */
export interface HubLine {
  readonly ledger: HubLedger
  readonly broker: Broker
  readonly ingest: Ingest
  readonly keys: HubKeys
  readonly rosters: () => Rosters
  /** The hub's part in who may sign in begins anew, as at a start; `forgets` its file as well. */
  readonly reopenRosters: (forgets?: boolean) => Rosters
  /** Makes a node a member of the county: its TLS certificate, its signing key, its stream. */
  readonly member: (node: string) => Promise<Member>
  readonly connect: (as: { readonly tls: CertifiedKey | null; readonly clientId: string; readonly more?: MqttOptions }) => Promise<Client>
  readonly revoked: Set<string>
  readonly close: () => Promise<void>
}
export interface Member {
  readonly node: string
  readonly tls: CertifiedKey
  /** PKCS#8 PEM. */
  readonly signing: string
  readonly writer: (epoch?: string) => TestWriter
}

/** A client that never reconnects by itself and remembers what it heard. */
export interface Client {
  readonly client: MqttLine
  readonly heard: readonly { readonly topic: string; readonly text: string; readonly retain: boolean }[]
  /** Resolves with the first message on a topic that fits, also one heard before. */
  readonly hears: (topic: string, fits?: (text: string) => boolean) => Promise<string>
  /** Resolves when the line is gone. */
  readonly gone: Promise<void>
  readonly end: () => Promise<void>
}

export const openLine = async (
  wrap: (ledger: HubLedger) => HubLedger = (ledger) => ledger,
  people: RosterPeople = { keepersOf: () => [], follow: () => () => {} },
  more: (given: Pick<HubLine, 'ledger' | 'keys'> & { readonly broker: () => Broker | null }) => Partial<BrokerEvents> = () => ({}),
): Promise<HubLine> => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-line-'))
  const crypto = openCrypto()
  const clock = { now: Date.now, monotonic: () => performance.now() }
  const keys = await openKeys(join(home, 'keys'), crypto, [], Date.now())
  const opened = openDatabase(join(home, 'hub.sqlite'), { applicationId: APPLICATION_ID, version: SCHEMA_VERSION, schema: SCHEMA })
  const facts = { epoch: '00000000000000ee', zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 86_400_000 }
  const real = openLedgerHere(opened, {
    crypto,
    signer: keys.identity.now().signer,
    countyKey: keys.county.publicKey,
    now: clock.now,
    upMs: clock.monotonic,
    ...facts,
  })
  await real.keepCertificate('hub', keys.identity.now().certificate)
  const ledger = wrap(real)
  const random = { bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: Math.random }
  const timers = {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
  let broker: Broker | null = null
  const failed = (why: unknown) => {
    throw why
  }
  const ingest = openIngest({ crypto, clock, timers, random }, ledger, () => broker as Broker, failed)
  const revoked = new Set<string>()
  const tls = { key: keys.tls.key, certificate: `${keys.tls.certificate}\n${keys.authority.certificate}` }
  const settings = {
    host: '127.0.0.1',
    port: 0,
    ...tls,
    authority: keys.authority.certificate,
    isRevoked: (key: string) => revoked.has(key),
  }
  let rosters: Rosters | null = null
  const events: BrokerEvents = {
    ...ingest.events,
    listening: (node) => {
      ingest.events.listening(node)
      rosters?.listening(node)
    },
    roster: (node, payload) => rosters?.asked(node, payload),
    ...more({ ledger, keys, broker: () => broker }),
  }
  const opening = await openBroker(settings, events, { clock })
  broker = opening
  const folder = openKeyFolder(join(home, 'keys'))
  const startRosters = (): Rosters => {
    const county = { people, countyKey: keys.county.publicKey, folder, note: () => {}, failed }
    return openRosters({ parts: { crypto, clock, timers }, ledger, broker: opening, ...county })
  }
  const firstRosters = startRosters()
  rosters = firstRosters
  const clients: Client[] = []
  let closed = false
  const port = broker.port
  return {
    ledger,
    broker,
    ingest,
    keys,
    rosters: () => rosters ?? firstRosters,
    reopenRosters: (forgets = false) => {
      rosters?.close()
      if (forgets) folder.drop('rosters.json')
      const next = startRosters()
      rosters = next
      return next
    },
    revoked,
    member: (node) => openMember(keys, ledger, node),
    connect: async ({ tls: own, clientId, more = {} }) => {
      const identity = own ? { key: own.key, cert: own.certificate } : {}
      const options = { clientId, connectTimeout: CONNECT_MS, ...more }
      const client = await openClient(`mqtts://localhost:${port}`, { ...options, ...identity, ca: keys.authority.certificate })
      clients.push(client)
      return client
    },
    close: async () => {
      if (closed) return
      closed = true
      for (const one of clients) await one.end()
      ingest.close()
      rosters?.close()
      await (broker as Broker).close()
      await real.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const openMember = async (keys: HubKeys, ledger: HubLedger, node: string): Promise<Member> => {
  const crypto = openCrypto()
  const signing: KeyObject = generateKeyPairSync('ed25519').privateKey
  const serial = globalThis.crypto.getRandomValues(new Uint8Array(8))
  const tls = await makeCertified(keys.authority, { commonName: node, names: [], use: 'client', fromMs: Date.now(), serial })
  const signed = signCertificate(crypto, keys.county, {
    v: 1,
    subject: node,
    role: 'node',
    alg: 'Ed25519',
    signingKey: base64urlOf(rawPublicKey(signing)),
    tlsKey: tlsKeyDigest(crypto, tls.certificate),
    from: '2026-01-01T00:00:00.000Z',
    serial: 1,
    incarnation: 0,
    issuer: keys.county.key,
  })
  await ledger.keepCertificate(node, signed)
  const pem = signing.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { node, tls, signing: pem, writer: (epoch = '00000000000000aa') => testWriter(`${node}>*`, epoch, signerOf(crypto, signing)) }
}

/** Broker and client share one thread: who waited while it stood still must not give up before he looks at what has come. */
const CONNECT_MS = 30_000

/** Rejects when the broker does not let it in. */
const openClient = (url: string, options: MqttOptions): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = connectMqtt(url, options)
    const heard: { topic: string; text: string; retain: boolean }[] = []
    const waiting = new Set<() => void>()
    const gone = new Promise<void>((left) => client.once('close', () => left()))
    client.on('message', (topic, payload, packet) => {
      heard.push({ topic, text: payload.toString('utf8'), retain: packet.retain })
      for (const look of [...waiting]) look()
    })
    const hears: Client['hears'] = (topic, fits = () => true) =>
      new Promise((found) => {
        const look = () => {
          const one = heard.find((message) => message.topic === topic && fits(message.text))
          if (!one) return
          waiting.delete(look)
          found(one.text)
        }
        waiting.add(look)
        look()
      })
    client.once('connect', () => resolve({ client, heard, hears, gone, end: () => client.endAsync(true) }))
    // For as long as it lives: an error that nobody listens for would end the test run.
    client.on('error', reject)
    client.once('close', () => reject(new Error('the broker closed the connection')))
  })
