import { type Static, Type } from 'typebox'
import { INSTANT } from '../ledger/fields.ts'
import { MASTER_ID } from '../ledger/master.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const COUNT = Type.Integer({ minimum: 0 })

/** What a table can hold, and in which form it is written. */
export const TABLE_KIND = Type.Enum(['items', 'parties', 'certificates', 'openings'])
/** What goes out as a table: that too, and what is made at a page or by an act. */
export const EXPORT_KIND = Type.Enum(['items', 'parties', 'certificates', 'openings', 'places', 'portals', 'cost-centres', 'tags'])
export type ExportKind = Static<typeof EXPORT_KIND>
export const TABLE_FORM = Type.Enum(['csv', 'xlsx'])
export type TableKind = Static<typeof TABLE_KIND>
export type TableForm = Static<typeof TABLE_FORM>
export const TABLE_TYPES = ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'] as const

/** What becomes of a row: `choice` waits for a person to say which record it is, `error` is left out with its reason. */
export const ROW_OUTCOME = Type.Enum(['new', 'changed', 'same', 'choice', 'error'])
export type RowOutcome = Static<typeof ROW_OUTCOME>
export const TABLE_STATE = Type.Enum(['reading', 'ready', 'committing', 'done', 'undoing', 'undone', 'cancelled', 'failed'])
export type TableState = Static<typeof TABLE_STATE>

const WHY = Type.Object({ code: text(64), zh: text(2_000), en: text(2_000) }, closed)
/** One import of a table: read, then ready to be looked at, then committed as one batch, which may be undone. */
export const TABLE_IMPORT = Type.Object(
  {
    import: Type.Integer({ minimum: 1 }),
    kind: TABLE_KIND,
    name: text(200),
    sha256: text(64),
    state: TABLE_STATE,
    /** How far the present state is, in rows. */
    done: COUNT,
    rows: COUNT,
    outcomes: Type.Object({ new: COUNT, changed: COUNT, same: COUNT, choice: COUNT, error: COUNT }, closed),
    /** Rows that were written by the commit and stand. */
    written: COUNT,
    /** Columns of the file that are not known, and whose cells are left out. */
    ignored: Type.Array(text(120)),
    why: nullable(WHY),
    actor: text(64),
    startedAt: INSTANT,
    endedAt: nullable(INSTANT),
  },
  closed,
)
export type TableImport = Static<typeof TABLE_IMPORT>

/** How a row was matched; `score` is the likeness of names, 1 when nothing differs. */
const CANDIDATE = Type.Object({ id: MASTER_ID, name: text(300), score: Type.Number({ minimum: 0, maximum: 1 }) }, closed)
export const TABLE_ROW = Type.Object(
  {
    /** Its line in the sheet: the header is 1. */
    row: Type.Integer({ minimum: 2 }),
    outcome: ROW_OUTCOME,
    /** The record it becomes or changes; null where that is not known. */
    id: nullable(text(64)),
    name: text(300),
    matched: nullable(Type.Enum(['id', 'code', 'certificate', 'name', 'chosen'])),
    score: nullable(Type.Number({ minimum: 0, maximum: 1 })),
    /** Fields that change, before and after, as the table writes them. */
    changes: Type.Array(Type.Object({ column: text(64), before: text(10_000), after: text(10_000) }, closed)),
    candidates: Type.Array(CANDIDATE),
    why: nullable(WHY),
    /** What a person should see before it is written. */
    warnings: Type.Optional(Type.Array(WHY)),
    written: Type.Boolean(),
  },
  closed,
)
export type TableRow = Static<typeof TABLE_ROW>

const WORDS = Type.Object({ zh: text(300), en: text(300) }, closed)
/** A kind of table in words, with its columns; a page lists what it is told, so that a new kind appears by itself. */
export const TABLE_KIND_VIEW = Type.Object(
  {
    kind: TABLE_KIND,
    name: WORDS,
    hint: WORDS,
    columns: Type.Array(Type.Object({ column: text(64), name: WORDS, required: Type.Boolean() }, closed)),
  },
  closed,
)
export type TableKindView = Static<typeof TABLE_KIND_VIEW>

/** What many open rows become at once: what each is most like, new records, or open again. */
export const TABLE_PICK = Type.Enum(['best', 'new', 'open'])
export type TablePick = Static<typeof TABLE_PICK>

/** A line that nothing stands before any more is beyond the last one. */
const BEFORE = Type.Integer({ minimum: 2, maximum: 1_000_000_000 })
const ONE = Type.Object({ import: Type.Integer({ minimum: 1 }) }, closed)
const ACT = Type.Object({ action: ACTION, import: Type.Integer({ minimum: 1 }) }, closed)
/** A table to download; the bytes are what the route gives. */
const TABLE_FILE = Type.Object({ name: text(200), type: Type.Enum([...TABLE_TYPES]), bytes: COUNT }, closed)
export type TableFile = Static<typeof TABLE_FILE>

/** Items, parties, certificates and the stock of old systems from tables and back. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_IMPORTS = {
  tableKinds: {
    method: 'GET',
    path: '/api/table-kinds',
    answer: Type.Object(
      {
        rows: Type.Array(TABLE_KIND_VIEW),
        /** Those that only go out. */
        out: Type.Array(Type.Object({ kind: EXPORT_KIND, name: WORDS }, closed)),
      },
      closed,
    ),
    zh: '可以导入导出的表格',
    en: 'Kinds of tables, in the order in which an empty county brings them in, with their columns; and those that only go out',
  },
  tableImports: {
    method: 'GET',
    path: '/api/table-imports',
    answer: Type.Object({ rows: Type.Array(TABLE_IMPORT) }, closed),
    zh: '表格导入',
    en: 'Imports of tables, newest first',
  },
  startTableImport: {
    method: 'POST',
    path: '/api/table-imports',
    query: Type.Object({ kind: TABLE_KIND, name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }, closed),
    sends: TABLE_TYPES,
    streams: true,
    answer: TABLE_IMPORT,
    zh: '上传表格并预览',
    en: 'Read a CSV or XLSX and compare it with the catalogue; nothing is written yet; the same file again is the same import',
  },
  tableImport: {
    method: 'GET',
    path: '/api/table-import',
    query: ONE,
    answer: TABLE_IMPORT,
    zh: '一次表格导入',
    en: 'One import of a table and how far it is',
  },
  tableRows: {
    method: 'GET',
    path: '/api/table-import/rows',
    query: Type.Object({ ...ONE.properties, outcome: Type.Optional(ROW_OUTCOME), before: Type.Optional(BEFORE), ...PAGE_QUERY }, closed),
    answer: pageOf(TABLE_ROW),
    zh: '逐行预览',
    en: 'What becomes of every row, with the fields that change; cursor: rows after that line, before: the last rows before that line',
  },
  chooseTableRow: {
    method: 'POST',
    path: '/api/table-import/choices',
    body: Type.Object({ ...ACT.properties, row: Type.Integer({ minimum: 2 }), id: nullable(MASTER_ID) }, closed),
    answer: TABLE_ROW,
    zh: '选择一行对应的记录',
    en: 'Say which of its candidates a row is; null: a new record',
  },
  chooseTableRows: {
    method: 'POST',
    path: '/api/table-import/choices/all',
    body: Type.Object(
      {
        ...ACT.properties,
        pick: TABLE_PICK,
        /** `best` leaves a row open whose best candidate is less alike than this. */
        scoreMin: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
        /** Only rows after this line: where the call before ended. */
        after: Type.Optional(Type.Integer({ minimum: 1 })),
      },
      closed,
    ),
    answer: Type.Object({ chosen: COUNT, next: nullable(Type.Integer({ minimum: 2 })) }, closed),
    zh: '批量选择',
    en: 'Choose for many rows at once, some hundred a call: asked again with after = next until next is null',
  },
  commitTableImport: {
    method: 'POST',
    path: '/api/table-import/commit',
    body: ACT,
    answer: TABLE_IMPORT,
    zh: '整批写入',
    en: 'Write the batch: rows with errors are left out; goes on after a restart',
  },
  undoTableImport: {
    method: 'POST',
    path: '/api/table-import/undo',
    body: ACT,
    answer: TABLE_IMPORT,
    zh: '撤销整批',
    en: 'Undo the batch while nothing later refers to it: new records are retired, changed ones get their former content back',
  },
  cancelTableImport: {
    method: 'POST',
    path: '/api/table-import/cancel',
    body: ACT,
    answer: TABLE_IMPORT,
    zh: '取消导入',
    en: 'Cancel an import that reads or waits; one that commits stops, what it wrote can be undone',
  },
  tableErrors: {
    method: 'GET',
    path: '/api/table-import/errors',
    query: Type.Object({ ...ONE.properties, form: TABLE_FORM }, closed),
    gives: TABLE_TYPES,
    answer: TABLE_FILE,
    zh: '下载有错的行',
    en: 'The rows that were left out, each with its reason beside it',
  },
  tableTemplate: {
    method: 'GET',
    path: '/api/table-template',
    query: Type.Object({ kind: TABLE_KIND, form: TABLE_FORM }, closed),
    gives: TABLE_TYPES,
    answer: TABLE_FILE,
    zh: '下载空白表格',
    en: 'An empty table to fill in',
  },
  exportTable: {
    method: 'GET',
    path: '/api/table-export',
    query: Type.Object({ kind: EXPORT_KIND, form: TABLE_FORM }, closed),
    gives: TABLE_TYPES,
    answer: TABLE_FILE,
    zh: '导出',
    en: 'All of them, in the form they are imported in where they can be',
  },
} as const
