import type { HubLedger, HubQuestions } from './contract.ts'

/** Every question there is, by name; the type holds the list complete. */
export const QUESTIONS = {
  overview: true,
  stock: true,
  stockAsOf: true,
  movements: true,
  lot: true,
  genealogy: true,
  tag: true,
  counts: true,
  documents: true,
  nodes: true,
  sites: true,
  items: true,
  tags: true,
  discrepancies: true,
  snapshot: true,
  siteSummaries: true,
  known: true,
  acted: true,
} as const satisfies Record<keyof HubQuestions, true>

/** Every plain word of the ledger, by name. */
export const WORDS = {
  take: true,
  write: true,
  tips: true,
  batch: true,
  passed: true,
  nodes: true,
  keepCertificate: true,
  showCertificate: true,
  standing: true,
  settleImport: true,
  signWith: true,
  judgeDigest: true,
  keepCheckpoint: true,
  checkpoint: true,
  inclusion: true,
  noteBirth: true,
  noteDeath: true,
  noteHave: true,
  quarantine: true,
  openDiscrepancy: true,
  closeDiscrepancy: true,
  makeEnrolment: true,
  redeemEnrolment: true,
  sweep: true,
  storage: true,
  rebuild: true,
} as const satisfies Record<Word, true>
export type Word = Exclude<keyof HubLedger, 'ask' | 'follow' | 'epoch' | 'audit' | 'close'>
