import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'

/** What the county is told of a device: its state, or in place of it the gravest thing wrong with one that works; what is slight stays at the site. */
export const publishedOf = ({
  device,
  kind,
  state,
  since,
  findings,
}: DeviceView): Pick<DeviceView, 'device' | 'kind' | 'state' | 'since'> => {
  const [gravest] = findings.filter(({ label, severity }) => label === null && severity < SLIGHT)
  const works = state === 'reading' || state === 'connected'
  return works && gravest ? { device, kind, state: gravest.code, since: gravest.since } : { device, kind, state, since }
}

const SLIGHT = 3
