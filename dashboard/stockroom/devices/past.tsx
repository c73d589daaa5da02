import type { DeviceView, NodeAnswer } from '@lotkeeper/protocol/api/node.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { spanText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useMoments, useNodePages } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { DeviceName } from './name.tsx'

type Past = NodeAnswer<'devicePast'>['rows'][number]

/** Times without a device, what was found, and what was done, newest first. */
export const DevicePast = ({ devices }: { readonly devices: readonly DeviceView[] }) => {
  const say = useSay()
  const pages = useNodePages('devicePast', { limit: 20 })
  return (
    <section className="device-past" data-testid="device-past">
      <h2>{say('devices.past')}</h2>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={3} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('devices.past-none')} hint={say('devices.past-none-hint')} />}
      {pages.rows && pages.rows.length > 0 && (
        <ul className="sheet">
          {pages.rows.map((row) => (
            <PastLine key={row.id} row={row} device={devices.find(({ device }) => device === row.device)} />
          ))}
        </ul>
      )}
      {pages.more && (
        <button type="button" className="wide-button quiet" onClick={pages.more}>
          {say('page.more')}
        </button>
      )}
    </section>
  )
}

const PastLine = ({ row, device }: { readonly row: Past; readonly device: DeviceView | undefined }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  // A finding with words is about a label, which passes every reader.
  const isOfDevice = row.is !== 'finding' || row.words === null
  const lasted = row.to === null ? null : spanText(say, Date.parse(row.to) - Date.parse(row.at))
  return (
    <li data-testid="past" data-is={row.is}>
      <span className={`kind past-${row.is}`}>{say(`devices.is-${row.is}`)}</span>
      <span className="past-what">
        <b>{nameIn(row.title, language)}</b>
        {row.words && <span>{row.words}</span>}
        <small className="soft">
          {isOfDevice && (device ? <DeviceName device={device} /> : <b className="mono">{row.device}</b>)}
          {row.antenna !== null && <span>{say('devices.antenna', { n: row.antenna })}</span>}
          <time dateTime={row.at}>{moment(row.at, nowMs)}</time>
          {lasted && <span>{say('devices.lasted', { span: lasted })}</span>}
          {row.is === 'finding' && row.to === null && (
            <span className="past-still">
              <Icon name="warn" size={18} />
              {say('devices.still')}
            </span>
          )}
          {row.actor && <span>{row.actor}</span>}
        </small>
      </span>
    </li>
  )
}
