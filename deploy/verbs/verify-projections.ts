import { openCrypto } from '@lotkeeper/edge/crypto.ts'
import { inTransaction as inNodeTransaction } from '@lotkeeper/edge/database.ts'
import { openLog as openNodeLog } from '@lotkeeper/edge/ledger/log.ts'
import { openFolding, rebuild } from '@lotkeeper/edge/ledger/rebuild.ts'
import type { Database } from '@lotkeeper/hub/database.ts'
import { auditRead } from '@lotkeeper/hub/ledger/sqlite/audit.ts'
import { openLog as openHubLog } from '@lotkeeper/hub/ledger/sqlite/log.ts'
import type { Finding } from '@lotkeeper/protocol/ledger/findings.ts'

/** Every table that follows from the log of a hub, folded again in temporary tables and compared row by row; the file itself is only read. */
export const hubProjections = (db: Database): readonly Finding[] =>
  auditRead(db, openHubLog(db)).map(({ where, detail }) => ({
    code: 'projection-differs',
    where,
    detail: detail.slice(0, DETAIL_LENGTH_MAX),
  }))

/** The same of a node, by folding a copy of its file anew: what had stood in it is compared with what then stands. */
export const nodeProjections = (copy: Database, node: string): readonly Finding[] =>
  inNodeTransaction(copy, () => rebuild(copy, openNodeLog(copy), openFolding(copy, node, openCrypto()))).map((table) => ({
    code: 'projection-differs',
    where: table,
    detail: 'the table differs from the log folded again',
  }))

/** A row may carry a whole description of an item. */
const DETAIL_LENGTH_MAX = 300
