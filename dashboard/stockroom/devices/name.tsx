import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** Where a device hangs, in words: `库房大门 · 外侧读写器`. */
export const DeviceName = ({ device }: { readonly device: Pick<DeviceView, 'kind' | 'door' | 'side' | 'device'> }) => {
  const say = useSay()
  const { language } = useLanguage()
  const door = useNodeState().value?.doors.find((one) => one.door === device.door)
  const kind = say(device.kind === 'scanner' ? 'device.scanner' : 'device.reader')
  const side = device.side === 'inside' || device.side === 'outside' ? say(`side.${device.side}`) : ''
  const what = language === 'en' && side ? `${side} ${kind.toLowerCase()}` : `${side}${kind}`
  return <b>{door ? `${nameIn(door.name, language)} · ${what}` : kind}</b>
}
