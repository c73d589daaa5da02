declare module 'yauzl' {
  import type { Readable } from 'node:stream'
  export interface Entry {
    readonly fileName: string
    readonly compressedSize: number
    readonly uncompressedSize: number
  }
  export interface ZipFile {
    readonly entryCount: number
    readonly eachEntry: () => AsyncIterable<Entry>
    readonly openReadStreamPromise: (entry: Entry) => Promise<Readable>
    readonly close: () => void
  }
  export const openPromise: (file: string, options: { readonly lazyEntries: true; readonly autoClose: false }) => Promise<ZipFile>
}
