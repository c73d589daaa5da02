import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { CERTIFICATE_SHOWN, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { DIGEST, type DigestBody } from '@lotkeeper/protocol/wire/digest.ts'
import { BIRTH, type BirthBody, DEATH, HAVE, type HaveBody } from '@lotkeeper/protocol/wire/have.ts'
import { ROSTER_ASK, type RosterAskBody } from '@lotkeeper/protocol/wire/roster.ts'
import { type TopicName, topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { EdgeParts, Link } from '../parts.ts'
import { streamsOf, tellable, toldTip } from './tips.ts'
import type { Vain } from './vain.ts'

/** Everything a node says, in its envelope. What it says beside batches needs no receipt: a line that breaks meanwhile says so itself. */
export interface Voice {
  readonly batch: (batch: Parameters<typeof writeBatch>[0]) => Promise<void>
  readonly birth: () => void
  /** A birth of the same epoch, if what hangs on the node is otherwise than told. */
  readonly renew: () => void
  readonly have: (waiting: number) => void
  /** May be called as often as it seems needed: the same goes out once a line, and again after a minute. */
  readonly certificate: (signed: SignedCertificate) => void
  readonly digest: (body: DigestBody) => void
  /** Rejects while the line does not carry it. */
  readonly rosterAsk: (body: RosterAskBody) => Promise<void>
  readonly death: (why: 'closed' | 'lost') => string
  readonly farewell: () => Promise<void>
}

export const openVoice = (
  parts: Pick<EdgeParts, 'clock' | 'boot'>,
  ledger: EdgeLedger,
  { node, software, devices }: { readonly node: string; readonly software: string; readonly devices: () => BirthBody['devices'] },
  line: { readonly link: () => Link | null; readonly vain: Pick<Vain, 'has'> },
): Voice => {
  const now = () => new Date(parts.clock.now()).toISOString()
  const head = (id: string) => ({ id, source: `lotkeeper/${node}`, time: now() })
  // Whom the hub hears: a process never comes back to an epoch it left, also one that has not begun its own yet.
  const { epoch } = ledger
  const publish = (name: TopicName, payload: string) => line.link()?.publish(topicOf(name, node), payload) ?? Promise.resolve()
  const say = (name: TopicName, payload: string) => publish(name, payload).catch(() => {})
  const shownAtMs = new Map<string, number>()
  let told = ''
  const birth = () => {
    shownAtMs.clear()
    const body: BirthBody = { node, epoch, software, boot: parts.boot.id, at: now(), devices: [...devices()] }
    told = JSON.stringify(body.devices)
    void say('birth', BIRTH.write(head(`birth/${body.epoch}/${body.at}`), body))
  }
  const death = (why: 'closed' | 'lost') => DEATH.write(head(`death/${epoch}/${why}`), { node, epoch, why })
  return {
    batch: (batch) => publish('upLog', writeBatch(batch, { source: `lotkeeper/${node}`, time: now() })),
    birth,
    renew: () => {
      if (JSON.stringify(devices()) !== told) birth()
    },
    have: (waiting) => {
      const tips = ledger.exchange.toldTips(streamsOf(node, ledger.read.passed()), line.vain.has)
      const told = tellable(tips, streamOfNode(node), ledger.exchange.noted().heldByHub).slice(-TIPS_MAX)
      const body: HaveBody = { tips: told.map(toldTip), at: now(), waiting }
      void say('upHave', HAVE.write(head(`have/${epoch}/${body.at}`), body))
    },
    certificate: ({ certificate, signature }) => {
      if (parts.clock.monotonic() - (shownAtMs.get(signature) ?? Number.NEGATIVE_INFINITY) < SHOW_AGAIN_MS) return
      shownAtMs.set(signature, parts.clock.monotonic())
      const shown = publish('upCertificate', CERTIFICATE_SHOWN.write(head(`certificate/${now()}`), { certificate, signature }))
      // Nobody heard it: the topic is not agreed upon yet.
      shown.catch(() => shownAtMs.delete(signature))
    },
    digest: (body) => void say('upDigest', DIGEST.write(head(`digest/${body.epoch}/${body.seq}/${now()}`), body)),
    rosterAsk: (body) => publish('upRoster', ROSTER_ASK.write(head(`roster/${epoch}/${now()}`), body)),
    death,
    farewell: () => say('death', death('closed')),
  }
}

/** A certificate that a hub had no room to keep is shown again this often; at each receipt it would make a storm of them. */
const SHOW_AGAIN_MS = 60_000
/** A `have` holds no more; tips that other epochs go on from are not told. */
const TIPS_MAX = 256
