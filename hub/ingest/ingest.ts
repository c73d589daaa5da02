import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { CERTIFICATE_SHOWN } from '@lotkeeper/protocol/wire/certificate.ts'
import { DIGEST, DIGEST_ASK, type DigestBody } from '@lotkeeper/protocol/wire/digest.ts'
import { BIRTH, DEATH, HAVE } from '@lotkeeper/protocol/wire/have.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { Broker, BrokerEvents, Offence } from '../broker/broker.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { DiscrepancyKind } from '../ledger/discrepancies.ts'
import type { HubParts } from '../parts.ts'
import { openClones } from './clones.ts'
import { openDownlink } from './downlink.ts'
import { openHaves } from './haves.ts'
import { type Intake, openIntake } from './intake.ts'
import { openNotedHaves } from './noted.ts'
import { type HubStanding, openRestored } from './restored.ts'

/** Everything between the broker and the ledger: batches in, receipts and directives out, link life, and who misbehaved. */
export interface Ingest {
  /** Who may sign in at a node is not its business. */
  readonly events: Omit<BrokerEvents, 'roster'>
  readonly counts: () => ReturnType<Intake['counts']> & { readonly offences: Readonly<Partial<Record<Offence, number>>> }
  readonly close: () => void
}

/**
 * `broke` is called when the ledger breaks: nothing more is taken, and its host must end. The broker is asked for only when first needed.
 * `standing` is what the hub does when it finds that it was restored, or is not alone.
 */
export const openIngest = (
  parts: Pick<HubParts, 'clock' | 'timers' | 'random' | 'crypto'>,
  ledger: HubLedger,
  brokerOf: () => Broker,
  broke: (why: unknown) => void,
  standing: HubStanding = UNNUMBERED,
): Ingest => {
  let closed = false
  const failed = (why: unknown) => {
    if (!closed) broke(why)
  }
  const broker: Pick<Broker, 'publish'> = { publish: (topic, payload, retain) => brokerOf().publish(topic, payload, retain) }
  const downlink = openDownlink(parts, ledger, broker, failed)
  const haves = openHaves(parts, ledger, broker, downlink.waiting, failed)
  const clones = openClones()
  const restored = openRestored(parts, ledger, standing, failed)
  const notes = openNotedHaves(parts, (node, have) => keep(ledger.noteHave(node, have, now())))
  const offences: Partial<Record<Offence, number>> = {}
  const intake = openIntake(parts, ledger, {
    judged: (outcome) => {
      downlink.came(outcome)
      keep(restored.came(outcome))
      haves.came(outcome)
      haves.due(outcome.node)
    },
    failed,
  })
  const unfollow = ledger.follow(({ grown }) => grown.length > 0 && downlink.grown(grown))
  const now = () => parts.clock.now()
  const keep = (promise: Promise<unknown>) => void promise.catch(failed)
  const askBuckets = (node: NodeId, { epoch, seq }: DigestBody, buckets: readonly number[]) => {
    const head = { id: `digest-${epoch}-${seq}`, source: '/hub', time: new Date(now()).toISOString() }
    broker.publish(topicOf('downDigest', node), DIGEST_ASK.write(head, { buckets: [...buckets] }))
  }
  const unreadable = (node: NodeId, payload: Uint8Array) => {
    keep(ledger.quarantine(node, 'wire.envelope-malformed', payload, now()))
    const facts = { code: 'wire.envelope-malformed' }
    keep(ledger.openDiscrepancy({ kind: 'message-unreadable', site: node, subject: node, entry: null, atMs: now(), facts }))
  }
  const clone = (node: NodeId) =>
    keep(ledger.openDiscrepancy({ kind: 'clone', site: node, subject: node, entry: null, atMs: now(), facts: {} }))

  return {
    counts: () => ({ ...intake.counts(), offences: { ...offences } }),
    close: () => {
      closed = true
      restored.close()
      notes.close()
      unfollow()
    },
    events: {
      log: (node, payload) =>
        new Promise((done) => {
          intake.offer({ node, payload, receivedAtMs: now() }, done)
        }),
      have: (node, payload) => {
        const have = HAVE.read(parts.crypto.text(payload))
        if (!have) return unreadable(node, payload)
        downlink.told(node, have.body.tips)
        haves.greet(node)
        keep(restored.told(node, have.body.tips))
        notes.told(node, { waiting: have.body.waiting, nodeAtMs: Date.parse(have.body.at), tips: have.body.tips })
      },
      birth: (node, payload) => {
        const birth = BIRTH.read(parts.crypto.text(payload))
        if (!birth || birth.body.node !== node) return unreadable(node, payload)
        restored.born(node, clones.began(node, birth.body.epoch))
        if (clones.born(node, birth.body.epoch)) {
          brokerOf().holdOff(node)
          clone(node)
        }
        keep(ledger.noteBirth(node, birth.body, now()))
        haves.due(node)
      },
      certificate: (node, payload) => {
        const shown = CERTIFICATE_SHOWN.read(parts.crypto.text(payload))
        if (!shown) return unreadable(node, payload)
        keep(
          ledger.showCertificate(node, shown.body).then((kept) => {
            if (kept === false) unreadable(node, payload)
            else haves.due(node)
          }),
        )
      },
      digest: (node, payload) => {
        const said = DIGEST.read(parts.crypto.text(payload))
        if (!said) return unreadable(node, payload)
        notes.settle(node)
        keep(ledger.judgeDigest(node, said.body, now()).then((buckets) => buckets.length > 0 && askBuckets(node, said.body, buckets)))
      },
      death: (node, payload) => {
        const death = DEATH.read(parts.crypto.text(payload))
        if (!death || death.body.node !== node) return unreadable(node, payload)
        keep(ledger.noteDeath(node, death.body.why, now()))
      },
      listening: (node) => {
        restored.listening(node)
        haves.listening(node)
        downlink.listening(node)
      },
      acknowledged: (node, topic) => topic === 'downLog' && downlink.acknowledged(node),
      gone: (node) => {
        haves.gone(node)
        downlink.gone(node)
        notes.gone(node)
        keep(ledger.noteDeath(node, 'lost', now()))
      },
      offence: (node, offence, detail) => {
        offences[offence] = (offences[offence] ?? 0) + 1
        if (node === null) return
        if (offence === 'two-clients') return clone(node)
        const kind = KIND_OF_OFFENCE[offence]
        if (!kind) return
        // One row per node: whoever forges can make up any number of topics.
        const facts = { topic: detail, key: detail }
        keep(ledger.openDiscrepancy({ kind, site: node, subject: node, entry: null, atMs: now(), facts }))
      },
    },
  }
}

/** A hub that stands alone and is never numbered anew: a county simulated without keys. */
const UNNUMBERED: HubStanding = { incarnations: async () => ({ own: 1, highest: 1 }), raise: async () => 1 }

/** What a person must see; the other offences are counted only, for anybody on the network can cause them by the thousand. */
const KIND_OF_OFFENCE: Partial<Record<Offence, DiscrepancyKind>> = {
  'topic-forged': 'topic-forged',
  'filter-foreign': 'topic-forged',
  'key-revoked': 'certificate-revoked',
}
