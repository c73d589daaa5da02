import { parentPort, workerData } from 'node:worker_threads'
import type { TableForm } from '@lotkeeper/protocol/api/hub-imports.ts'
import { csvText } from './csv-text.ts'
import { workbookBytes } from './workbook-bytes.ts'

/** What the thread that writes is given; it answers the bytes. */
export interface WriteTask {
  readonly form: TableForm
  readonly table: readonly (readonly string[])[]
}

const { form, table } = workerData as WriteTask
parentPort?.postMessage(form === 'csv' ? csvText(table) : await workbookBytes(table))
