import type { NoteSigner } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { type EntryId, HUB, type NodeId, streamOfNode, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { keyId, readCertificate, type SignedCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { OpenedDatabase } from '../../database.ts'
import { openDiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import { openFold } from '../../projections/apply.ts'
import { openPassed } from '../../projections/owners.ts'
import { openAppend } from './append.ts'
import { openAsides } from './asides.ts'
import { openCertificates, openEnrolments } from './certificates.ts'
import { openDecisions } from './decisions.ts'
import { openDespatch } from './despatch.ts'
import { openDigests } from './digests.ts'
import { openNotes } from './life.ts'
import { openLog } from './log.ts'
import { openLotWord } from './lot-word.ts'
import { openOutgoing } from './outgoing.ts'
import { openOwn } from './own.ts'
import { openQuarantine } from './quarantine.ts'
import { openSeals } from './seals.ts'
import { openSweep } from './sweep.ts'
import { openTake } from './take.ts'
import { openTree } from './tree.ts'

/** What the ledger borrows and is told once. */
export interface LedgerParts {
  readonly crypto: Parts
  readonly signer: NoteSigner
  /** Raw public key that certifies nodes and the hub. */
  readonly countyKey: Uint8Array
  readonly epoch: string
  readonly now: () => number
  readonly upMs: () => number
  readonly zone: string
  readonly software: string
  /** After so long goods on their way are a discrepancy. */
  readonly transitDueMs: number
  /** Folder on another device for what the hub writes itself; without one what nodes hold is the only other copy. */
  readonly secondCopy?: string | null
}

export const openRooms = ({ db }: OpenedDatabase, parts: LedgerParts) => {
  let { signer } = parts
  const log = openLog(db)
  const fold = openFold(db)
  const events = openDiscrepancyRows(db, 'event')
  const certificates = openCertificates(db, parts.crypto, parts.countyKey)
  const quarantine = openQuarantine(db, parts.crypto)
  const keep = (signed: Parameters<typeof certificates.keep>[0]): boolean => {
    const kept = certificates.keep(signed)
    if (kept?.fresh) {
      take.forgive(streamOfNode(kept.subject))
      events.close('key-unknown', `${kept.subject} ${kept.key}`, parts.now())
    }
    return kept !== null
  }
  /** What was refused for its key and is to be taken now comes again when it is asked for. */
  const decided = (id: EntryId, entry: Entry) => {
    decisions.learn(id, entry)
    take.forgive(String(entry.body['stream']))
    asides.close(parts.now())
  }
  /**
   * A revocation counts from when it is held, though it is parked behind an entry of a later version (H-056): whoever has the key must not write in
   * the meantime. Anything else of the hub's own lets somebody in, and waits to be applied.
   */
  const heed = ({ stream, kind, body, occurredAt }: Entry) => {
    if (writerOf(stream) === HUB && kind === 'revoke') certificates.revoke(String(body['node']), String(body['key']), occurredAt)
  }
  /** Certificates and revocations travel in the hub's own streams; a hub restored from a backup learns them back from its nodes. */
  const learn = (id: EntryId, entry: Entry) => {
    const { kind, body } = entry
    if (writerOf(entry.stream) !== HUB) return own.follow([...despatch(id, entry), ...lotWord(id, entry)])
    if (kind === 'certificate') keep(body as { certificate: string; signature: string })
    heed(entry)
    if (kind === 'decision') decided(id, entry)
  }
  const { epoch, now } = parts
  const tree = openTree(db, parts.crypto, { epoch, now, signer: () => signer, countyKey: keyId(parts.crypto, parts.countyKey) })
  const despatch = openDespatch(db)
  const lotWord = openLotWord(db, parts.crypto)
  const append = openAppend({ log, fold, discrepancies: events, tree, learn, heed })
  const own = openOwn(db, parts.crypto, { log, append, fold }, parts)
  const passed = openPassed(db)
  const decisions = openDecisions(db)
  const take = openTake(db, parts.crypto, { log, passed, certificates, quarantine, decisions, discrepancies: events, append })
  const kept = { crypto: parts.crypto, now, log, quarantine, certificates, decisions, discrepancies: events }
  const asides = openAsides(db, { ...kept, own, take })
  const sweep = openSweep(db, events, parts.transitDueMs)
  return {
    log,
    fold,
    events,
    certificates,
    quarantine,
    append,
    tree,
    take,
    asides,
    passed,
    keep,
    /** What a node shows of itself, or of a hub that is obeyed in the place of this one. */
    keepShown: (node: NodeId, signed: SignedCertificate) => {
      const subject = readCertificate(parts.crypto, parts.countyKey, signed)?.subject
      return (subject === node || subject === HUB) && keep(signed)
    },
    own,
    seals: openSeals(db, parts.crypto, { log, signer: () => signer }, epoch),
    digests: openDigests(db, parts.crypto, { log, discrepancies: events }),
    outgoing: (damaged: (entry: EntryId) => void) => openOutgoing(db, parts.crypto, { signer: () => signer, log, damaged }),
    /** Signs from now on with another key, which nodes know by its certificate. */
    signWith: (next: NoteSigner) => {
      signer = next
    },
    enrolments: openEnrolments(db),
    notes: openNotes(db, events),
    sweep: (nowMs: number) => {
      sweep(nowMs)
      asides.close(nowMs)
    },
  }
}
/** The parts of the ledger, wired. */
export type Rooms = ReturnType<typeof openRooms>
