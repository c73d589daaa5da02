import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileLayer, judgeFile, type ReaderSetting } from './settings.ts'

/** Puts what joining gave into `edge.json` and keeps everything else that stands there. */
export const keepJoined = (home: string, joined: { readonly node: string; readonly broker: string; readonly zone: string }): void =>
  writeFileLayer(home, { ...fileLayer(join(home, 'edge.json'))[0]?.values, ...joined })

/**
 * Puts a reader into `edge.json`, in the place of the one of the same id or address; answers which it replaced. Throws `settings.wrong` when the
 * settings would not hold with it, and then nothing is changed.
 */
export const keepReader = (home: string, reader: ReaderSetting): string | null => {
  const file = join(home, 'edge.json')
  const values = fileLayer(file)[0]?.values ?? {}
  const devices = (Array.isArray(values['devices']) ? values['devices'] : []) as readonly Partial<ReaderSetting>[]
  const isSame = ({ device, address }: Partial<ReaderSetting>) => device === reader.device || address === reader.address
  const changed = { ...values, devices: [...devices.filter((one) => !isSame(one)), reader] }
  judgeFile(home, changed)
  writeFileLayer(home, changed)
  return devices.find(isSame)?.device ?? null
}

const writeFileLayer = (home: string, values: object): void => {
  const file = join(home, 'edge.json')
  mkdirSync(home, { recursive: true })
  putFile(file, values)
}

/**
 * Puts the thresholds of one door into `edge.json` and keeps the file as it was beside it; answers that copy's path. The node reads them when it
 * starts. `null`: the file has no such door, and nothing was written.
 */
export const keepThresholds = (
  home: string,
  of: { readonly door: string; readonly figures: Readonly<Record<string, number>> },
  nowMs: number,
): string | null => {
  const file = join(home, 'edge.json')
  const values = fileLayer(file)[0]?.values ?? {}
  const doors = Array.isArray(values['doors']) ? (values['doors'] as readonly { readonly door?: unknown }[]) : []
  if (!doors.some(({ door }) => door === of.door)) return null
  const copy = `${file}.${new Date(nowMs).toISOString().replaceAll(':', '-')}`
  copyFileSync(file, copy)
  putFile(file, { ...values, doors: doors.map((one) => (one.door === of.door ? { ...one, thresholds: of.figures } : one)) })
  return copy
}

/** The whole file or the old one, whenever the power goes. */
const putFile = (file: string, values: object): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(values, null, 2)}\n`, { flush: true })
  renameSync(`${file}.new`, file)
}
