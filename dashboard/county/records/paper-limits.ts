import type { FILE_BYTES_MAX as BYTES_MAX, FILE_TYPES as TYPES } from '@lotkeeper/protocol/api/hub-catalog.ts'

/** What a scanned paper may be, checked by the compiler against the routes (B-003). */
export const FILE_TYPES: typeof TYPES = ['application/pdf', 'image/jpeg', 'image/png']
export const FILE_BYTES_MAX: typeof BYTES_MAX = 10_485_760
